/* The stage on a real LiveKit with real browsers: one person speaks, another watches, and both reconnect after a loss. */
import { faultsInBothThemes } from '../../fixtures/axe.ts';
import { browserOf, claimsOf, livekitProcess, passOf } from '../../fixtures/livekit.ts';
import { useStageBrowsers, variables } from '../../fixtures/stage-browsers.ts';
import { expect, test } from '../../fixtures/test.ts';
import { chooseQuality, expectPlaying, pictureMenu, pictureOf, audioLevelOf } from '../../fixtures/watching.ts';

const stage = useStageBrowsers();

test('takes a speaker from the green room onto the stage, where a viewer sees and hears them', async ({ browser }) => {
	const { people } = stage.world;
	const viewer = await stage.open(browser, people.virtual);
	await expect(viewer.getByText('Nobody is on stage at the moment.')).toBeVisible();
	const speaker = await stage.speak(browser, people.speaker);
	// The list comes from the run's own state, before anybody joins.
	await expect(viewer.getByRole('listitem').filter({ hasText: people.speaker.name })).toBeVisible();
	await viewer.getByRole('button', { name: 'Watch and listen' }).click();
	await expectPlaying(viewer, people.speaker.name);
	expect(await audioLevelOf(viewer)).toBeGreaterThan(0.01);
	// Neither names nor numbers of viewers reach anybody.
	expect(await viewer.content()).not.toContain(people.delegate.name);

	await chooseQuality(viewer, 'Sound only');
	await expect(pictureOf(viewer, people.speaker.name)).toHaveCount(0);
	await expect(viewer.getByText('No picture is loaded, to save data.')).toBeVisible();
	expect(await audioLevelOf(viewer)).toBeGreaterThan(0.01);
	await viewer.reload();
	await viewer.getByRole('button', { name: 'Watch and listen' }).click();
	await expect(pictureMenu(viewer)).toContainText('Sound only');
	await expect(pictureOf(viewer, people.speaker.name)).toHaveCount(0);
	await chooseQuality(viewer, 'High picture');
	await expectPlaying(viewer, people.speaker.name);

	await speaker.getByRole('button', { name: 'Camera' }).click();
	await expect(pictureOf(viewer, people.speaker.name)).toHaveCount(0);
	await speaker.getByRole('button', { name: 'Microphone' }).click();
	await expect(viewer.getByRole('img', { name: 'Microphone off' })).toBeVisible();
	await speaker.getByRole('button', { name: 'Leave the stage' }).click();
	await expect(viewer.getByText('Nobody is on stage at the moment.').first()).toBeVisible();
});

test('performs a press that came before the page’s script when the script is there', async ({ browser }) => {
	const { people } = stage.world;
	const { page } = await browserOf(browser, variables, people.virtual);
	const refused: string[] = [];
	page.on('console', (message) => message.text().includes('Content Security Policy') && refused.push(message.text()));
	let release = () => undefined as void;
	const held = new Promise<void>((done) => (release = done));
	await page.route('**/_app/immutable/entry/**', async (route) => {
		await held;
		await route.continue();
	});
	await page.goto(stage.stagePath, { waitUntil: 'commit' });
	await page.getByRole('button', { name: 'Watch and listen' }).click();
	await expect(page.getByRole('status').filter({ hasText: 'Connecting you to the room' })).toBeVisible();
	release();
	await expect(pictureMenu(page)).toBeVisible();
	expect(refused).toEqual([]);
});

test('shows everyone when a chair starts, pauses, takes off and ends', async ({ browser }) => {
	const { people } = stage.world;
	await stage.act(people.stage, `select public.set_run_state($1, 'ended')`, [stage.world.run]);
	const viewer = await stage.open(browser, people.virtual);
	await expect(viewer.getByText('Nothing is on in this room at the moment')).toBeVisible();
	const host = await stage.open(browser, stage.chair, stage.backstagePath);
	await host.getByRole('button', { name: 'Open the green room' }).click();
	await expect(host.getByRole('button', { name: 'Enter the green room' })).toBeVisible();
	await viewer.getByRole('button', { name: 'Come in and wait' }).click();
	await expect(viewer.getByText('It starts automatically when the chair begins.')).toBeVisible();

	await host.getByRole('button', { name: 'Go on stage' }).click();
	await expect(host.getByText('Nobody sees or hears you before the session begins.')).toBeVisible();
	await expect(pictureOf(viewer, stage.chair.name)).toHaveCount(0);
	await host.getByRole('button', { name: 'Start', exact: true }).click();
	await host.getByRole('button', { name: 'Camera' }).click();
	await expectPlaying(viewer, stage.chair.name);

	await host.getByRole('button', { name: 'Pause' }).click();
	await expect(viewer.getByText('The session is paused.')).toBeVisible();
	await expect(host.getByText('While the session is paused, nobody sees or hears you.')).toBeVisible();
	await expect(pictureOf(viewer, stage.chair.name)).toHaveCount(0);
	await host.getByRole('button', { name: 'Go on', exact: true }).click();
	await expectPlaying(viewer, stage.chair.name);

	await host.getByRole('button', { name: `Bring on stage: ${people.speaker.name}` }).click();
	await expect(viewer.getByRole('listitem').filter({ hasText: people.speaker.name }).first()).toBeVisible();
	await host.getByRole('button', { name: `Take off the stage: ${people.speaker.name}` }).click();
	await expect(viewer.getByText(people.speaker.name)).toHaveCount(0);

	await host.getByText('End the session').click();
	await host.getByRole('button', { name: 'Yes, end it for everyone' }).click();
	await expect(viewer.getByText('This session has ended.')).toBeVisible();
	await expect(viewer.getByText('Nothing is on in this room at the moment')).toBeVisible();
	await expect(viewer.locator('video, audio')).toHaveCount(0);
});

test('reports that LiveKit died, and restores the video automatically @alone', async ({ browser }) => {
	const { people } = stage.world;
	const speaker = await stage.speak(browser, people.speaker);
	const viewer = await stage.watch(browser, people.virtual);
	await expectPlaying(viewer, people.speaker.name);
	process.kill(livekitProcess(variables), 'SIGKILL');
	await expect(viewer.getByText(/The connection was lost|The streams/)).toBeVisible();
	await expect(viewer.getByText(/The connection was lost|The streams/)).toHaveCount(0, { timeout: 40_000 });
	// They reconnect in any order.
	await expectPlaying(speaker, people.speaker.name, 40_000);
	await expectPlaying(viewer, people.speaker.name, 40_000);
});

test('lets a second window take over, and tells the first where the video went', async ({ browser }) => {
	const { people } = stage.world;
	await stage.speak(browser, people.speaker);
	const first = await stage.watch(browser, people.virtual);
	await expectPlaying(first, people.speaker.name);
	const second = await first.context().newPage();
	await second.goto(stage.stagePath);
	await second.getByRole('button', { name: 'Watch and listen' }).click();
	await expectPlaying(second, people.speaker.name);
	await expect(first.getByText('You are watching in another window.')).toBeVisible();
	await first.getByRole('button', { name: 'Watch here instead' }).click();
	await expectPlaying(first, people.speaker.name);
});

test('brings a viewer with a pass from before a room move into the new room at once', async ({ browser }) => {
	const { people } = stage.world;
	await stage.speak(browser, people.speaker);
	const viewer = await stage.open(browser, people.virtual);
	await expect(viewer.getByRole('button', { name: 'Watch and listen' })).toBeVisible();
	const room = async () => claimsOf((await passOf(viewer, stage.passPath)).pass.token).video;
	const before = await room();
	// The run moves to a room that the holder of an old token cannot join.
	await passOf(await stage.open(browser, people.delegate), stage.passPath);
	await stage.bar(stage.chair, people.delegate);
	await expect.poll(room).not.toEqual(before);
	await viewer.getByRole('button', { name: 'Watch and listen' }).click();
	await expectPlaying(viewer, people.speaker.name);
});

test('records presence from LiveKit’s webhooks, once for each person, and never for visitors', async ({ browser }) => {
	const { people } = stage.world;
	const first = await stage.watch(browser, people.virtual);
	const visitor = await stage.watch(browser, null);
	const stored = async () =>
		(
			await stage.client.query<{ person_id: string; left: boolean }>(
				`select person_id, left_at is not null as left from public.presence where run_id = $1`,
				[stage.world.run]
			)
		).rows;
	await expect.poll(stored).toEqual([{ person_id: people.virtual.person, left: false }]);
	await first.reload();
	await first.getByRole('button', { name: 'Watch and listen' }).click();
	await expect(first.getByRole('button', { name: 'Leave' })).toBeVisible();
	await visitor.close();
	await expect.poll(stored).toEqual([{ person_id: people.virtual.person, left: false }]);
	await first.getByRole('button', { name: 'Leave' }).click();
	await expect.poll(stored).toEqual([{ person_id: people.virtual.person, left: true }]);
});

test('says without JavaScript what is on, and what the page needs', async ({ browser }) => {
	const { context, page } = await browserOf(browser, variables, null, { javaScriptEnabled: false });
	await page.goto(stage.stagePath);
	await expect(page.getByText('Picture and sound need JavaScript')).toBeVisible();
	await expect(page.getByRole('heading', { name: stage.world.sessions.public.title }).first()).toBeVisible();
	await page.goto(`/${stage.world.slug}/live`);
	await expect(page.getByRole('link', { name: stage.world.sessions.public.title })).toBeVisible();
	await context.close();
	// A chair runs the session by plain forms, too.
	const host = await browserOf(browser, variables, stage.chair, { javaScriptEnabled: false });
	await host.page.goto(stage.stagePath);
	await host.page.getByRole('button', { name: 'Pause' }).click();
	await expect(host.page.getByRole('button', { name: 'Go on', exact: true })).toBeVisible();
	await host.context.close();
});

test('passes axe on live pages in both themes', async ({ browser }) => {
	const { context, page } = await browserOf(browser, variables, stage.chair);
	await page.goto(stage.stagePath);
	expect(await faultsInBothThemes(page)).toEqual([]);
	await page.goto(stage.backstagePath);
	await page.getByRole('button', { name: 'Check camera and microphone' }).click();
	await expect(page.getByRole('meter')).toBeVisible();
	expect(await faultsInBothThemes(page)).toEqual([]);
	await context.close();
});
