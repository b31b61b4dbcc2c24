/* What hosts do from the stage page: give the floor to somebody in the green room, and announce to everybody who watches. */
import { faultsOfPage } from '../../fixtures/axe.ts';
import { openSession } from '../../fixtures/sessions.ts';
import { useStageBrowsers, variables } from '../../fixtures/stage-browsers.ts';
import { expect, test } from '../../fixtures/test.ts';
import { expectPlaying, pictureOf } from '../../fixtures/watching.ts';
import type { TestPerson } from '../../fixtures/world.ts';

const stage = useStageBrowsers();

/** Calls a function by REST with a person's own token. */
async function callByRest(who: TestPerson, name: string, body: object): Promise<unknown> {
	const { cookies } = await openSession(variables, `${who.account}@example.org`);
	const joined = cookies.map(({ value }) => value.replace(/^base64-/, '')).join('');
	const { access_token } = JSON.parse(Buffer.from(joined, 'base64url').toString()) as { access_token: string };
	const answer = await fetch(`${variables.SUPABASE_URL}/rest/v1/rpc/${name}`, {
		method: 'POST',
		headers: {
			'content-type': 'application/json',
			apikey: variables.SUPABASE_PUBLISHABLE_KEY ?? '',
			authorization: `Bearer ${access_token}`
		},
		body: JSON.stringify(body)
	});
	return answer.json();
}

test('shows a host who waits in the green room, and gives them the floor with one press', async ({ browser }) => {
	const { people } = stage.world;
	const host = await stage.open(browser, stage.chair, undefined, { viewport: { width: 1280, height: 720 } });
	await expect(host.getByText('Nobody is ready in the green room.')).toBeVisible();
	const speaker = await stage.open(browser, people.speaker, stage.backstagePath);
	await expect(speaker.getByText('Those who run the session see your picture here')).toBeVisible();
	await speaker.getByRole('button', { name: 'Enter the green room' }).click();
	await expect(speaker.getByText('You are the first one here.')).toBeVisible({ timeout: 30_000 });
	const preview = host.getByLabel(`Preview: ${people.speaker.name}`);
	await expect(preview).toBeVisible({ timeout: 30_000 });
	await expect(preview).toHaveJSProperty('muted', true);
	await expect(host.getByRole('listitem').filter({ has: preview })).toContainText('Ready');
	// Without scrolling.
	for (const name of ['Pause', `Give the floor to ${people.speaker.name}`, `Bring on stage: ${people.speaker.name}`])
		await expect(host.getByRole('button', { name })).toBeInViewport();
	const viewer = await stage.watch(browser, people.virtual);
	await host.getByRole('button', { name: `Give the floor to ${people.speaker.name}` }).click();
	await expect(viewer.locator('.tile.large')).toContainText(people.speaker.name);
	await speaker.getByRole('link', { name: 'Take your place on stage' }).click();
	await expectPlaying(viewer, people.speaker.name, 30_000);
	await expect(preview).toHaveCount(0);
	expect(await faultsOfPage(host)).toEqual([]);
});

test('gives nobody else a pass to look into the green room', async ({ browser }) => {
	const { people, run } = stage.world;
	for (const who of [people.virtual, people.speaker, people.programme]) {
		const page = await stage.open(browser, who);
		const status = await page.evaluate(
			async ([address, id]) =>
				(
					await fetch(address ?? '', {
						method: 'POST',
						headers: { 'content-type': 'application/json' },
						body: JSON.stringify({ run: id })
					})
				).status,
			[`${stage.stagePath}/preview`, run]
		);
		expect([who.name, status]).toEqual([who.name, 404]);
		await page.context().close();
	}
});

test('announces to everybody who watches and on the screen of the room, as text, until it is taken back', async ({
	browser
}) => {
	const { people } = stage.world;
	const viewer = await stage.watch(browser, people.virtual);
	const visitor = await stage.open(browser, null);
	const screen = await stage.open(browser, people.stage, `${stage.stagePath}/questions`);
	const host = await stage.open(browser, stage.chair);
	await host.getByText('Announce to everyone who watches').click();
	await host.getByLabel('Announcement, up to 280 characters').fill('<b>Please</b> take your seats');
	await host.getByRole('button', { name: 'Announce', exact: true }).click();
	for (const page of [viewer, visitor, screen])
		await expect(page.getByRole('status').filter({ hasText: '<b>Please</b> take your seats' })).toBeVisible();
	for (const viewport of [
		{ width: 390, height: 844 },
		{ width: 844, height: 390 },
		{ width: 1440, height: 900 }
	]) {
		await viewer.setViewportSize(viewport);
		await expect(viewer.getByText('<b>Please</b> take your seats')).toBeInViewport();
	}
	expect(await faultsOfPage(viewer)).toEqual([]);
	await host.getByRole('button', { name: 'Take announcement back' }).click();
	for (const page of [viewer, visitor, screen]) await expect(page.getByText('take your seats')).toHaveCount(0);
});

test('refuses an announcement by REST to everybody who does not run the session', async ({ browser }) => {
	const { people, run } = stage.world;
	const viewer = await stage.open(browser, people.virtual);
	for (const who of [people.virtual, people.speaker, people.programme])
		expect([who.name, await callByRest(who, 'announce_on_stage', { run, words: 'Forged', minutes: 5 })]).toEqual([
			who.name,
			'not_found'
		]);
	expect(await callByRest(stage.chair, 'announce_on_stage', { run, words: 'Genuine', minutes: 5 })).toBe('ok');
	await expect(viewer.getByText('Genuine')).toBeVisible();
	expect(await callByRest(people.virtual, 'withdraw_stage_announcement', { run })).toBe('not_found');
	await expect(viewer.getByText('Genuine')).toBeVisible();
	await expect(viewer.getByText('Forged')).toHaveCount(0);
});

test('says at once that a session was cancelled, and nothing of a recording', async ({ browser }) => {
	const { people, sessions } = stage.world;
	await stage.speak(browser, people.speaker);
	const viewer = await stage.watch(browser, people.virtual);
	await expectPlaying(viewer, people.speaker.name);
	await stage.client.query(`update public.sessions set state = 'cancelled' where id = $1`, [sessions.public.id]);
	await expect(viewer.getByText('This session has been cancelled.')).toBeVisible({ timeout: 4000 });
	await expect(pictureOf(viewer, people.speaker.name)).toHaveCount(0);
	await expect(viewer.getByText(/recorded/)).toHaveCount(0);
	const later = await stage.open(browser, people.delegate);
	await expect(later.getByText('This session has been cancelled.')).toBeVisible();
});

test('keeps the question at the thumb and the picture in sight on a phone', async ({ browser }) => {
	const { people } = stage.world;
	await stage.speak(browser, people.speaker);
	const viewer = await stage.open(browser, people.virtual, `${stage.stagePath}?panel=questions`, {
		viewport: { width: 390, height: 844 }
	});
	await viewer.getByRole('button', { name: 'Watch and listen' }).click();
	await expectPlaying(viewer, people.speaker.name);
	expect(await viewer.getByRole('navigation', { name: 'Beside the picture' }).getByRole('link').count()).toBe(4);
	await viewer.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
	await expect(pictureOf(viewer, people.speaker.name)).toBeInViewport();
	const field = viewer.getByLabel('Your question');
	await expect(field).toBeInViewport();
	const box = await viewer.getByRole('button', { name: 'Send the question' }).boundingBox();
	expect((box?.y ?? 0) + (box?.height ?? 0)).toBeGreaterThan(780);
	await field.fill('How is it measured?');
	await viewer.getByRole('button', { name: 'Send the question' }).click();
	await expect(field).toHaveValue('');
	await viewer.getByRole('link', { name: 'Session' }).click();
	await viewer.getByRole('link', { name: 'Ask a question' }).click();
	await expect(field).toBeVisible();
});
