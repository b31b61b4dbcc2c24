/* Safety on stage: confirmation before entering, concerns, quick exit, raids, and the backstage chat. */
import { faultsOfPage } from '../../fixtures/axe.ts';
import { useStageBrowsers, variables } from '../../fixtures/stage-browsers.ts';
import { browserOf, passOf } from '../../fixtures/livekit.ts';
import { expect, test } from '../../fixtures/test.ts';
import { expectPlaying } from '../../fixtures/watching.ts';

const stage = useStageBrowsers();

test('asks for confirmation once before a confidential session is watched', async ({ browser }) => {
	const { people, sessions, run } = stage.world;
	await stage.act(people.stage, `select public.set_run_state($1, 'ended')`, [run]);
	const [opened] = await stage.act(people.stage, `select public.open_run($1) ->> 'run' as run`, [
		sessions.chatham_house.id
	]);
	await stage.act(people.stage, `select public.set_run_state($1, 'live')`, [opened?.['run']]);
	const viewer = await stage.open(browser, people.virtual);
	await expect(viewer.getByText('never reveal who said it')).toBeVisible();
	await expect(viewer.getByText('It is not recorded. Do not record it yourself.')).toBeVisible();
	await viewer.getByRole('button', { name: 'I have read this. Watch and listen' }).click();
	await expect(viewer.getByText('Nobody is on stage at the moment.').first()).toBeVisible();
	await expect
		.poll(
			async () =>
				(
					await stage.client.query(`select from private.entry_notices where session_id = $1`, [
						sessions.chatham_house.id
					])
				).rowCount
		)
		.toBe(1);
	await viewer.reload();
	await expect(viewer.getByRole('button', { name: 'Watch and listen', exact: true })).toBeVisible();
});

test('asks again when the level is raised while a person watches, and plays nothing before', async ({ browser }) => {
	const { people, sessions } = stage.world;
	const speaker = await stage.speak(browser, people.speaker);
	const viewer = await stage.watch(browser, people.virtual);
	await expectPlaying(viewer, people.speaker.name);
	await stage.client.query(
		`update public.sessions set audience = 'registered', level = 'chatham_house' where id = $1`,
		[sessions.public.id]
	);
	const read = viewer.getByRole('button', { name: 'I have read this. Watch and listen' });
	await expect(read).toBeVisible();
	await expect(viewer.locator('video, audio')).toHaveCount(0);
	const refused = await passOf(viewer, stage.passPath);
	expect([refused.code, refused.pass.status]).toEqual([403, 'unconfirmed']);
	await read.click();
	await expectPlaying(viewer, people.speaker.name);
	// Speakers go on.
	await expectPlaying(speaker, people.speaker.name);
});

test('sends a concern to the safeguarding leads only, named or not, also without JavaScript', async ({ browser }) => {
	const { people, slug } = stage.world;
	const concerns = `/${slug}/organise/safeguarding/concerns`;
	const lead = await stage.open(browser, people.safeguarding, concerns);
	await expect(lead.getByText('Nothing is open')).toBeVisible();
	const viewer = await stage.open(browser, people.virtual);
	await viewer.getByText('Report a concern').click();
	await viewer.getByRole('button', { name: 'Send to the safeguarding leads' }).click();
	await expect(viewer.getByText('Say in a few words what happened.').first()).toBeVisible();
	await viewer.getByLabel('What happened').fill('Somebody showed a child’s face.');
	await viewer.getByLabel('Without my name').check();
	await viewer.getByRole('button', { name: 'Send to the safeguarding leads' }).click();
	await expect(viewer.getByText('It has been sent.')).toBeVisible();
	await expect(lead.getByText('Somebody showed a child’s face.')).toBeVisible();
	await expect(lead.getByText('without a name')).toBeVisible();
	expect(await lead.content()).not.toContain(people.virtual.name);

	const plain = await stage.open(browser, people.delegate, undefined, { javaScriptEnabled: false });
	await plain.getByText('Report a concern').click();
	await plain.getByLabel('What happened').fill('I am followed in the hall.');
	await plain.getByRole('button', { name: 'Send to the safeguarding leads' }).click();
	await expect(plain.getByText('It has been sent.')).toBeVisible();
	await expect(lead.getByText(people.delegate.name)).toBeVisible();
	await lead.getByLabel('What was done').first().fill('Spoke with them.');
	await lead.getByRole('button', { name: 'Close', exact: true }).first().click();
	await expect(lead.getByText('Closed (1)')).toBeVisible();
	expect(await faultsOfPage(lead)).toEqual([]);

	for (const who of [people.owner, people.stage, people.registration, people.delegate]) {
		const { page, context } = await browserOf(browser, variables, who);
		expect((await page.goto(concerns))?.status()).toBe(403);
		await context.close();
	}
});

test('ends audio and video at once on quick exit, and leaves no way back in the history', async ({ browser }) => {
	const { people } = stage.world;
	await stage.speak(browser, people.speaker);
	const viewer = await stage.watch(browser, people.virtual);
	await expectPlaying(viewer, people.speaker.name);
	await viewer.getByRole('link', { name: 'Quick exit' }).click();
	await expect(viewer).toHaveURL('/blank.html');
	await expect(viewer.locator('video, audio')).toHaveCount(0);
	expect(await viewer.evaluate(() => document.body.innerText.trim())).toBe('');
	await viewer.goBack();
	await expect(viewer).not.toHaveURL(stage.stagePath);
});

test('keeps visitors out with one press during a raid, while registered viewers go on', async ({ browser }) => {
	const { people } = stage.world;
	await stage.speak(browser, people.speaker);
	const host = await stage.open(browser, stage.chair);
	const visitor = await stage.watch(browser, null);
	const viewer = await stage.watch(browser, people.virtual);
	await expectPlaying(visitor, people.speaker.name);
	await host.getByRole('button', { name: 'Only those registered' }).click();
	await expect(visitor.getByText('The hosts have limited who can watch')).toBeVisible();
	await expect(visitor.locator('video, audio')).toHaveCount(0);
	await expectPlaying(viewer, people.speaker.name);
	await host.getByRole('button', { name: 'Everyone entitled' }).click();
	await visitor.reload();
	await visitor.getByRole('button', { name: 'Watch and listen' }).click();
	await expectPlaying(visitor, people.speaker.name);
});

test('shows backstage messages to those behind the stage, and to no viewer', async ({ browser }) => {
	const { people } = stage.world;
	const manager = await stage.open(browser, people.stage, stage.backstagePath);
	const speaker = await stage.open(browser, people.speaker, stage.backstagePath, { javaScriptEnabled: false });
	const viewer = await stage.open(browser, people.virtual);
	const loads: string[] = [];
	viewer.on('request', (request) => loads.push(request.url()));
	// Creating the Summit a moment before is an event for which a new page loads once more, within nine seconds: that is not counted.
	let before = -1;
	const isQuiet = () => before === (before = loads.length);
	await expect.poll(isQuiet, { intervals: [10_000], timeout: 60_000 }).toBe(true);
	loads.length = 0;
	await speaker.getByLabel('Your message').fill('My slides are the second file.');
	await speaker.getByRole('button', { name: 'Send', exact: true }).click();
	await expect(manager.getByRole('log')).toContainText('My slides are the second file.');
	await speaker.reload();
	await expect(speaker.getByText('My slides are the second file.')).toHaveCount(1);
	await manager.getByLabel('Your message').fill('Seen, thank you.');
	await manager.getByRole('button', { name: 'Send', exact: true }).click();
	await expect(manager.getByRole('log')).toContainText('Seen, thank you.');
	await speaker.goto(stage.backstagePath);
	await expect(speaker.getByRole('log')).toContainText('Seen, thank you.');
	expect(loads.filter((url) => url.includes('__data.json'))).toEqual([]);
	expect(await faultsOfPage(manager)).toEqual([]);
});
