/* A poll in the video and on the hall's screen, as a host shows and hides it. */
import { faultsOfPage } from '../../fixtures/axe.ts';
import { useStageBrowsers } from '../../fixtures/stage-browsers.ts';
import { expect, test } from '../../fixtures/test.ts';
import { expectPlaying, pictureOf } from '../../fixtures/watching.ts';

const stage = useStageBrowsers();

test('shows a poll to hall and home, updates it by votes, and returns to the video', async ({ browser }) => {
	const { people, sessions } = stage.world;
	await stage.act(stage.chair, `select public.create_poll($1, $2, 'single', $3, false, true, true)`, [
		sessions.public.id,
		'What comes first?',
		['Hotlines', 'Schools']
	]);
	await stage.speak(browser, people.speaker);
	const viewer = await stage.watch(browser, people.virtual);
	await expectPlaying(viewer, people.speaker.name);
	const large = viewer.locator('.tile.large').getByLabel(`Picture of ${people.speaker.name}`);
	await expect(large).toBeVisible();
	const hall = await stage.open(browser, people.stage, `${stage.stagePath}/questions`);
	const host = await stage.open(browser, stage.chair, `${stage.stagePath}?panel=polls`);
	await host.getByRole('button', { name: 'Show to everyone' }).click();
	const inPicture = viewer.getByRole('region', { name: 'A poll' });
	for (const page of [inPicture, hall.getByRole('region', { name: 'A poll' })]) {
		await expect(page).toContainText('What comes first?');
		await expect(page).toContainText('Hotlines');
	}
	// The speaker stays beside it.
	await expect(large).toHaveCount(0);
	await expectPlaying(viewer, people.speaker.name);
	const [poll] = await stage.act(
		people.virtual,
		`select public.read_stage_sidebar($1, 'plenary') -> 'polls' -> 'polls' -> 0 as p`,
		[stage.world.summit]
	);
	const { id, options } = poll?.['p'] as { id: string; options: { id: string }[] };
	await stage.act(people.virtual, `select public.vote_in_poll($1, $2)`, [id, [options[0]?.id]]);
	for (const page of [viewer, hall])
		await expect(page.getByRole('region', { name: 'A poll' }).getByRole('listitem').first()).toContainText('100');
	for (const viewport of [
		{ width: 390, height: 844 },
		{ width: 1440, height: 900 }
	]) {
		await viewer.setViewportSize(viewport);
		await expect(inPicture).toBeInViewport();
		expect([viewport.width, await faultsOfPage(viewer)]).toEqual([viewport.width, []]);
	}
	await host.getByRole('button', { name: 'Stop showing' }).click();
	await expect(large).toBeVisible();
	await expect(inPicture).toHaveCount(0);
	await expect(hall.getByRole('region', { name: 'A poll' })).toHaveCount(0);
	await expect(pictureOf(viewer, people.speaker.name)).toBeVisible();
});
