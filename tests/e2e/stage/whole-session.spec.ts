/* One session from its green room to its end, in four browsers: chair, speaker, delegate and a visitor. */
import { livekitProcess } from '../../fixtures/livekit.ts';
import { useStageBrowsers, variables } from '../../fixtures/stage-browsers.ts';
import { expect, test } from '../../fixtures/test.ts';
import { expectPlaying, pictureOf, audioLevelOf } from '../../fixtures/watching.ts';

const stage = useStageBrowsers();

test('runs green room, countdown, live, a hand, a mute, a pause, a LiveKit restart and the end @alone', async ({
	browser
}) => {
	test.setTimeout(300_000);
	const { people, sessions } = stage.world;
	await stage.act(people.stage, `select public.set_run_state($1, 'ended')`, [stage.world.run]);
	const host = await stage.open(browser, stage.chair, stage.backstagePath);
	await host.getByRole('button', { name: 'Open the green room' }).click();
	await host.getByRole('button', { name: 'Enter the green room' }).click();
	await expect(host.getByRole('heading', { name: 'In the green room', level: 2 })).toBeVisible();
	const run = (
		await stage.client.query<{ id: string }>(`select id from public.runs where session_id = $1 and state = 'waiting'`, [
			sessions.public.id
		])
	).rows[0]?.id;

	// Backstage they see each other, and nobody outside sees them.
	const speaker = await stage.open(browser, people.speaker, stage.backstagePath);
	await speaker.getByRole('button', { name: 'Enter the green room' }).click();
	await expectPlaying(host, people.speaker.name);
	const delegate = await stage.open(browser, people.virtual);
	await delegate.getByRole('button', { name: 'Come in and wait' }).click();
	const visitor = await stage.open(browser, null);
	await visitor.getByRole('button', { name: 'Come in and wait' }).click();
	await expect(delegate.locator('video, audio')).toHaveCount(0);

	await speaker.getByRole('button', { name: 'Go on stage' }).click();
	await expect(speaker.getByText('Nobody sees or hears you before the session begins.')).toBeVisible();
	await stage.act(stage.chair, `select public.set_countdown($1, 10)`, [run]);
	// In parallel: the wait of one page takes nothing from the ten seconds of another.
	await Promise.all([delegate, visitor, speaker].map((page) => expect(page.getByRole('timer')).toBeVisible()));
	for (const page of [delegate, visitor]) {
		await expectPlaying(page, people.speaker.name, 40_000);
	}

	// A delegate raises a hand and is called: a speaker only while called.
	await stage.act(people.virtual, `select public.raise_hand($1)`, [run]);
	const [hand] = (await stage.client.query<{ id: string }>(`select id from private.hands where run_id = $1`, [run]))
		.rows;
	await stage.act(stage.chair, `select public.call_hand($1)`, [hand?.id]);
	await expect(delegate.getByText('Everyone who watches sees and hears what you send.')).toBeVisible({
		timeout: 30_000
	});
	await expect(visitor.getByRole('listitem').filter({ hasText: people.virtual.name }).first()).toBeVisible();
	await expect(delegate.getByRole('button', { name: 'Microphone' })).toBeVisible();
	await stage.act(stage.chair, `select public.end_turn($1)`, [hand?.id]);
	await expect(delegate.getByRole('button', { name: 'Microphone' })).toHaveCount(0);
	await expect(visitor.getByText(people.virtual.name)).toHaveCount(0);

	await expect.poll(() => audioLevelOf(visitor)).toBeGreaterThan(0.01);
	await host.getByRole('button', { name: `Mute: ${people.speaker.name}` }).click();
	await expect.poll(() => audioLevelOf(visitor)).toBeLessThan(0.01);
	await host.getByRole('button', { name: `Give the microphone back: ${people.speaker.name}` }).click();
	await expect.poll(() => audioLevelOf(visitor)).toBeGreaterThan(0.01);

	await host.getByRole('button', { name: 'Pause' }).click();
	for (const page of [delegate, visitor]) await expect(page.getByText('The session is paused.')).toBeVisible();
	await expect(pictureOf(visitor, people.speaker.name)).toHaveCount(0);
	await host.getByRole('button', { name: 'Go on', exact: true }).click();
	await expectPlaying(visitor, people.speaker.name);

	process.kill(livekitProcess(variables), 'SIGKILL');
	await expect(visitor.getByText(/The connection was lost|The streams/)).toBeVisible();
	for (const page of [delegate, visitor]) {
		await expect(page.getByText(/The connection was lost|The streams/)).toHaveCount(0, { timeout: 60_000 });
		// The speaker reconnects automatically, and may be the last to do so.
		await expectPlaying(page, people.speaker.name, 60_000);
	}

	await host.getByText('End the session').click();
	await host.getByRole('button', { name: 'Yes, end it for everyone' }).click();
	for (const page of [delegate, visitor]) {
		await expect(page.getByText('Nothing is on in this room at the moment')).toBeVisible();
		await expect(page.locator('video, audio')).toHaveCount(0);
	}
});
