/* Two LiveKit nodes with one Redis, and two processes of our server with one database: they work as one. */
import type { Browser, Page } from '@playwright/test';
import pg from 'pg';
import { bareClient, browserOf, joinBare, passOf, receivedBy } from '../../fixtures/livekit.ts';
import { isRedisAvailable, startNodes, startSecondApp, type Nodes } from '../../fixtures/nodes.ts';
import { startStack, withAnotherPort, type TestSummit } from '../../fixtures/summit.ts';
import { expect, test } from '../../fixtures/test.ts';
import { goOnStage, expectPlaying, pictureOf, audioLevelOf } from '../../fixtures/watching.ts';
import { makePerson, makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

test.describe.configure({ mode: 'serial', timeout: 180_000 });

let nodes: Nodes;
let stack: TestSummit;
let second: { origin: string; stop: () => Promise<void> };
let client: pg.Client;
let world: World;
let chair: TestPerson;

test.skip(!isRedisAvailable(), 'This needs a Redis: set REDIS_URL, or put redis-server on PATH.');
test.beforeAll(async () => {
	const streams = (url: string) => ({ LIVEKIT_URL: url, LIVEKIT_API_KEY: nodes.key, LIVEKIT_API_SECRET: nodes.secret });
	stack = await withAnotherPort(async (port) => {
		// Those of an earlier try know another port.
		await nodes?.stop();
		nodes = await startNodes(`http://127.0.0.1:${port}/webhooks/livekit`);
		return startStack({ port, env: streams(nodes.urls[0]) });
	});
	second = await startSecondApp(stack.variables, streams(nodes.urls[1]));
	client = new pg.Client({ connectionString: stack.variables.DATABASE_URL });
	await client.connect();
	world = await makeWorld(client);
	chair = await makePerson(client, 'Chair of the session');
	await client.query(
		`insert into public.session_people (session_id, summit_id, person_id, role, state) values ($1, $2, $3, 'chair', 'confirmed')`,
		[world.sessions.public.id, world.summit, chair.person]
	);
});
test.afterAll(async () => {
	await client?.end();
	await second?.stop();
	await stack?.stop();
	await nodes?.stop();
});

/** Opens a page of a person at the first or the second process. */
async function open(browser: Browser, who: TestPerson | null, at: 'first' | 'second', path = ''): Promise<Page> {
	const origin = at === 'first' ? stack.origin : second.origin;
	const { page } = await browserOf(browser, { ...stack.variables, ORIGIN: origin }, who);
	await page.goto(`/${world.slug}/live/plenary${path}`);
	return page;
}

test('shows a speaker of one node to a viewer of the other, and applies a chair’s acts at both processes', async ({
	browser
}) => {
	const { people, sessions } = world;
	const { name } = people.speaker;
	const backstage = `/backstage/${sessions.public.code}`;
	const near = await open(browser, people.delegate, 'first');
	const far = await open(browser, people.virtual, 'second');
	const [nearPass, farPass] = await Promise.all(
		[near, far].map((page) => passOf(page, `/${world.slug}/live/plenary/pass`))
	);
	expect([nearPass?.pass.url, farPass?.pass.url]).toEqual(nodes.urls);

	// Live events cross processes: the speaker goes on stage at the first, and the page of the second lists them.
	await expect(far.getByText('Nobody is on stage at the moment.').first()).toBeVisible();
	const speaker = await open(browser, people.speaker, 'first', backstage);
	await goOnStage(speaker, name);
	await expect(far.getByRole('listitem').filter({ hasText: name })).toBeVisible();
	await far.getByRole('button', { name: 'Watch and listen' }).click();
	await expectPlaying(far, name);
	expect(await audioLevelOf(far)).toBeGreaterThan(0.01);

	// A client outside our page at the other node shows that no media are sent any more.
	const observer = await bareClient(browser, stack.variables, `/${world.slug}/live`);
	await joinBare(observer, nearPass?.pass ?? { url: '', token: '' });
	await expect.poll(async () => (await receivedBy(observer)).bytes).toBeGreaterThan(10_000);

	// The right is revoked through the second process for a person who joined through the first.
	const desk = await open(browser, chair, 'second');
	await desk.getByRole('button', { name: `Take off the stage: ${name}` }).click();
	await expect(pictureOf(far, name)).toHaveCount(0);
	await expect(far.locator('audio')).toHaveCount(0);
	await expect.poll(async () => (await receivedBy(observer)).bytes).toBe(0);
	await expect(near.getByText('Nobody is on stage at the moment.').first()).toBeVisible();
});
