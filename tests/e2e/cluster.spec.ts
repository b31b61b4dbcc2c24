/* Two LiveKit nodes with one Redis, and two processes of our server with one database: they work as one. */
import { chromium, expect, test, type Browser, type Page } from '@playwright/test';
import pg from 'pg';
import { freePort } from '../../src/local/processes.ts';
import { bareClient, browserOf, joinBare, passOf, seenBy } from '../fixtures/livekit.ts';
import { relayHost, startNodes, startSecondApp, type Nodes } from '../fixtures/nodes.ts';
import { startStack, type TestSummit } from '../fixtures/summit.ts';
import { goOnStage, moves, pictureOf, soundOf } from '../fixtures/watching.ts';
import { makeSomebody, makeWorld, type Somebody, type World } from '../fixtures/world.ts';

test.describe.configure({ mode: 'serial', timeout: 180_000 });

let nodes: Nodes;
let stack: TestSummit;
let second: { origin: string; stop: () => Promise<void> };
let client: pg.Client;
let world: World;
let chair: Somebody;
let opened: Page[] = [];

test.beforeAll(async () => {
	const port = await freePort();
	nodes = await startNodes(`http://127.0.0.1:${port}/webhooks/livekit`);
	const streams = (url: string) => ({ LIVEKIT_URL: url, LIVEKIT_API_KEY: nodes.key, LIVEKIT_API_SECRET: nodes.secret });
	stack = await startStack({ port, env: streams(nodes.urls[0]) });
	second = await startSecondApp(stack.variables, streams(nodes.urls[1]));
	client = new pg.Client({ connectionString: stack.variables.DATABASE_URL });
	await client.connect();
	world = await makeWorld(client);
	chair = await makeSomebody(client, 'Chair of the session');
	await client.query(
		`insert into public.session_people (session_id, summit_id, person_id, role, state) values ($1, $2, $3, 'chair', 'confirmed')`,
		[world.sessions.public.id, world.summit, chair.person]
	);
});
test.afterEach(async () => {
	await Promise.all(opened.map((page) => page.context().close()));
	opened = [];
});
test.afterAll(async () => {
	await client?.end();
	await second?.stop();
	await stack?.stop();
	await nodes?.stop();
});

/** A page of somebody at the first or the second process. */
async function open(browser: Browser, who: Somebody | null, at: 'first' | 'second', path = ''): Promise<Page> {
	const origin = at === 'first' ? stack.origin : second.origin;
	const { page } = await browserOf(browser, { ...stack.variables, ORIGIN: origin }, who);
	opened.push(page);
	await page.goto(`/${world.slug}/live/plenary${path}`);
	return page;
}

test('a viewer at one node sees a speaker of the other, and what a chair does at one process holds at both', async ({
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

	// Live news cross processes: the speaker goes on stage at the first, the second's page lists them.
	await expect(far.getByText('Nobody is on stage at the moment.').first()).toBeVisible();
	const speaker = await open(browser, people.speaker, 'first', backstage);
	await goOnStage(speaker, name);
	await expect(far.getByRole('listitem').filter({ hasText: name })).toBeVisible();
	await far.getByRole('button', { name: 'Watch and listen' }).click();
	await moves(far, name);
	expect(await soundOf(far)).toBeGreaterThan(0.01);

	// A client without manners at the other node, to see that nothing is sent any more.
	const onlooker = await bareClient(browser, stack.variables, `/${world.slug}/live`);
	opened.push(onlooker);
	await joinBare(onlooker, nearPass?.pass ?? { url: '', token: '' });
	await expect.poll(async () => (await seenBy(onlooker)).bytes).toBeGreaterThan(10_000);

	// The right is taken back through the second process from somebody who joined through the first.
	const desk = await open(browser, chair, 'second');
	await desk.getByRole('button', { name: `Take off the stage: ${name}` }).click();
	await expect(pictureOf(far, name)).toHaveCount(0);
	await expect(far.locator('audio')).toHaveCount(0);
	await expect.poll(async () => (await seenBy(onlooker)).bytes).toBe(0);
	await expect(near.getByText('Nobody is on stage at the moment.').first()).toBeVisible();
});

test('a network that lets only TLS out: the check finds the relay, and the stage comes through it', async ({
	browser
}) => {
	const { name } = world.people.speaker;
	const speaker = await open(browser, world.people.speaker, 'first', `/backstage/${world.sessions.public.code}`);
	await goOnStage(speaker, name);
	const closed = await chromium.launch({
		executablePath: process.env.CHROMIUM_PATH,
		args: [
			'--no-sandbox',
			'--disable-gpu',
			'--autoplay-policy=no-user-gesture-required',
			'--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
			// The relay's certificate is signed by nobody that a browser knows.
			'--ignore-certificate-errors',
			`--host-resolver-rules=MAP ${relayHost} 127.0.0.1`
		]
	});
	try {
		const { page } = await browserOf(closed, stack.variables, null);
		await page.addInitScript(
			([port]) => {
				const connections: RTCPeerConnection[] = [];
				const held = (given: RTCConfiguration = {}): RTCConfiguration => ({
					...given,
					// Port 443 is the balancer's; here the relay is reached where it listens.
					iceServers: (given.iceServers ?? []).map((server) => ({
						...server,
						urls: [server.urls].flat().map((url) => url.replace(':443', `:${port}`))
					})),
					...(location.pathname.endsWith('/plenary') && { iceTransportPolicy: 'relay' })
				});
				Object.assign(window, { connections });
				window.RTCPeerConnection = class extends RTCPeerConnection {
					constructor(configuration?: RTCConfiguration) {
						super(held(configuration));
						connections.push(this);
					}
					override setConfiguration(configuration?: RTCConfiguration) {
						super.setConfiguration(held(configuration));
					}
				};
			},
			[nodes.relayPort] as const
		);
		await page.goto(`/${world.slug}/live/check`);
		await page.getByRole('button', { name: 'Start the check' }).click();
		await expect(page.getByRole('button', { name: 'Check again' })).toBeEnabled({ timeout: 60_000 });
		const row = page.locator('dl > div', { hasText: 'TURN over TLS' });
		await expect(row).toContainText('works');
		await expect(page.getByRole('textbox')).toHaveValue(new RegExp(`- TLS ${relayHost}:443 \\(TURN\\)`));
		await page.goto(`/${world.slug}/live/plenary`);
		await page.getByRole('button', { name: 'Watch and listen' }).click();
		await moves(page, name);
		const relays = await page.evaluate(async () => {
			const kept = (window as unknown as { connections: RTCPeerConnection[] }).connections;
			const open = kept.filter(({ connectionState }) => connectionState === 'connected');
			const reports = await Promise.all(open.map((one) => one.getStats()));
			const all = reports.map((report) => [...(report as unknown as Map<string, Record<string, unknown>>).values()]);
			return all.flatMap((stats) =>
				stats
					.filter(({ type, nominated }) => type === 'candidate-pair' && nominated)
					.map((pair) => stats.find(({ id }) => id === pair.localCandidateId)?.relayProtocol)
			);
		});
		expect(new Set(relays)).toEqual(new Set(['tls']));
	} finally {
		await closed.close();
	}
});
