/* The hall as one participant: a browser at the desk with a code and no account. */
import { useStageBrowsers } from '../../fixtures/stage-browsers.ts';
import { expect, test } from '../../fixtures/test.ts';
import { expectPlaying, pictureOf, audioLevelOf } from '../../fixtures/watching.ts';
import { expectWholePage } from '../../fixtures/whole-page.ts';

const stage = useStageBrowsers();

test('sends video and audio of a browser with the room’s code, until the code is revoked', async ({ browser }) => {
	const { people, slug } = stage.world;
	const desk = await stage.open(browser, people.stage, `/${slug}/live/desk`);
	await desk.locator('summary', { hasText: 'Picture and sound of the hall' }).click();
	await desk.getByRole('button', { name: 'Make a code for the hall' }).click();
	const shown = (await desk.getByText('Code, shown only once').textContent()) ?? '';
	const code = /: ([A-Z0-9]{16})\./.exec(shown)?.[1] ?? '';
	const hall = await stage.open(browser, null, `${stage.stagePath}/hall`);
	await expectWholePage(hall);
	await hall.getByLabel('Code of the hall').fill('WRONGWRONGWRONG1');
	await hall.getByRole('button', { name: 'Use this browser for the hall' }).click();
	await expect(hall.getByText('This code is not valid for this room').first()).toBeVisible();
	await hall.getByLabel('Code of the hall').fill(code);
	await hall.getByRole('button', { name: 'Use this browser for the hall' }).click();
	await hall.getByRole('button', { name: 'Send from the hall' }).click();
	await expect(hall.getByText('Connected. Picture and sound go out')).toBeVisible();

	// The desk sees the outgoing video, and that it has audio.
	await expect
		.poll(() => hall.getByLabel('What the hall sends').evaluate((video: HTMLVideoElement) => video.currentTime))
		.toBeGreaterThan(0.3);
	const level = hall.getByRole('meter', { name: 'Sound level' });
	// The fake microphone beeps once a second.
	await expect
		.poll(async () => Number(await level.getAttribute('aria-valuenow')), { intervals: [70] })
		.toBeGreaterThan(0);
	const viewer = await stage.watch(browser, null);
	await expectPlaying(viewer, 'Plenary Hall');
	await expect.poll(() => audioLevelOf(viewer)).toBeGreaterThan(0.01);
	await stage.act(stage.chair, `select public.set_run_state($1, 'paused')`, [stage.world.run]);
	await expect(pictureOf(viewer, 'Plenary Hall')).toHaveCount(0);
	await stage.act(stage.chair, `select public.set_run_state($1, 'live')`, [stage.world.run]);
	await expectPlaying(viewer, 'Plenary Hall');
	await hall.getByRole('button', { name: 'Camera', pressed: true }).click();
	await expect(hall.getByRole('paragraph').filter({ hasText: 'Camera: Off' })).toBeVisible();
	await hall.getByRole('button', { name: 'Camera', pressed: false }).click();
	await desk.getByRole('button', { name: 'Take back the codes of the hall' }).click();
	await expect(pictureOf(viewer, 'Plenary Hall')).toHaveCount(0);
	await hall.reload();
	await expect(hall.getByLabel('Code of the hall')).toBeVisible();
});
