/* The stage desk in a browser: audio levels and connections of those on stage, monitoring, who listens to which language, and alarms. */
import { faultsOfPage } from '../../fixtures/axe.ts';
import { useStageBrowsers } from '../../fixtures/stage-browsers.ts';
import { expect, test } from '../../fixtures/test.ts';
import { expectPlaying, audioLevelOf } from '../../fixtures/watching.ts';

const stage = useStageBrowsers();

test('measures audio and connections at the desk, shows the stage, and plays a room with one press', async ({
	browser
}) => {
	const { people, slug } = stage.world;
	await stage.speak(browser, people.speaker);
	await stage.watch(browser, people.virtual);
	await stage.watch(browser, null);
	const desk = await stage.open(browser, people.stage, `/${slug}/live/desk`);
	const meter = desk.getByRole('meter', { name: `Sound of ${people.speaker.name}` });
	const person = desk.getByRole('listitem').filter({ has: meter }).last();
	await expect
		.poll(async () => Number(await meter.getAttribute('aria-valuenow')), { timeout: 20_000 })
		.toBeGreaterThan(0);
	await expect(person).toContainText(/good connection|poor connection|connection lost/, { timeout: 30_000 });
	await expect(desk.getByText('1 registered person watches')).toBeVisible({ timeout: 20_000 });
	await expect(desk.getByText('1 signed-out viewer')).toBeVisible({ timeout: 20_000 });
	await expect(desk.getByText('Listening: Original 2')).toBeVisible({ timeout: 20_000 });
	await expectPlaying(desk, people.speaker.name, 20_000);
	const sound = desk.locator('audio');
	await expect(sound).toHaveJSProperty('muted', true);
	expect(await faultsOfPage(desk)).toEqual([]);
	const room = desk.getByRole('button', { name: 'Listen in' });
	await room.click();
	await expect(sound).toHaveJSProperty('muted', false);
	await expect.poll(() => audioLevelOf(desk)).toBeGreaterThan(0.01);
	await desk.getByRole('button', { name: 'Stop listening' }).click();
	await expect(sound).toHaveJSProperty('muted', true);
});

test('raises an alarm when a stage has no audio any more @long', async ({ browser }) => {
	const { people, slug } = stage.world;
	const speaker = await stage.speak(browser, people.speaker);
	const desk = await stage.open(browser, people.stage, `/${slug}/live/desk`);
	const meter = desk.getByRole('meter', { name: `Sound of ${people.speaker.name}` });
	await expect(meter).toBeVisible({ timeout: 20_000 });
	await expect
		.poll(async () => Number(await meter.getAttribute('aria-valuenow')), { timeout: 20_000 })
		.toBeGreaterThan(0);
	await expect(desk.getByText('Nobody has been heard for half a minute.')).toHaveCount(0);
	await speaker.getByRole('button', { name: 'Microphone' }).click();
	await expect(desk.getByText('Nobody has been heard for half a minute.')).toBeVisible({ timeout: 45_000 });
	await desk.getByRole('button', { name: 'Pause' }).click();
	await expect(desk.getByText('Nobody has been heard for half a minute.')).toHaveCount(0);
});

test('opens the next stage of a room, once nothing is on there', async ({ browser }) => {
	const { people, slug, run, sessions } = stage.world;
	const desk = await stage.open(browser, people.stage, `/${slug}/live/desk`);
	const next = desk.getByRole('region', { name: 'Coming up' }).getByRole('listitem');
	await expect(next).toContainText(sessions.members.title);
	await expect(next.getByRole('button')).toHaveCount(0);
	await stage.client.query(`update public.runs set state = 'ended', ended_at = now() where id = $1`, [run]);
	await desk.reload();
	await next.first().getByRole('button', { name: 'Open the stage' }).click();
	await expect(desk.getByRole('article')).toContainText('About to begin');
	expect(await faultsOfPage(desk)).toEqual([]);
});
