/*
 * The stage on a real LiveKit with real browsers: somebody speaks, somebody watches, and rule 6 is attacked with tokens that
 * were kept.
 */
import { createHash } from 'node:crypto';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from '@playwright/test';
import { AccessToken } from 'livekit-server-sdk';
import pg from 'pg';
import {
	bareClient,
	browserOf,
	joinBare,
	livekitProcess,
	passOf,
	publishBare,
	seenBy,
	tryEverything
} from '../fixtures/livekit.ts';
import { expect, test } from '../fixtures/test.ts';
import { chooseRung, goOnStage, moves, pictureMenu, pictureOf } from '../fixtures/watching.ts';
import { actAs, makeSomebody, makeWorld, type Somebody, type World } from '../fixtures/world.ts';

const variables = JSON.parse(process.env.E2E_VARIABLES ?? '{}') as Record<string, string>;

// Two at a time would share two cores with every browser that these open.
test.describe.configure({ mode: 'default', timeout: 120_000 });

let client: pg.Client;
let world: World;
let chair: Somebody;

test.beforeAll(async () => {
	client = new pg.Client({ connectionString: variables.DATABASE_URL });
	await client.connect();
});
test.afterAll(() => client.end());
test.beforeEach(async () => {
	world = await makeWorld(client);
	chair = await makeSomebody(client, 'Chair of the session');
	await client.query(
		`insert into public.session_people (session_id, summit_id, person_id, role, state) values ($1, $2, $3, 'chair', 'confirmed')`,
		[world.sessions.public.id, world.summit, chair.person]
	);
});
async function open(browser: Browser, who: Somebody | null, path?: string): Promise<Page> {
	const { page } = await browserOf(browser, variables, who);
	await page.goto(path ?? stagePath());
	return page;
}

async function bare(browser: Browser): Promise<Page> {
	const page = await bareClient(browser, variables, `/${world.slug}/live`);
	return page;
}

const stagePath = () => `/${world.slug}/live/plenary`;
const passPath = () => `${stagePath()}/pass`;
const act = (who: Somebody, sql: string, values: unknown[]) => actAs(client, who, sql, values);
const codeOf = async (who: Somebody) =>
	(await client.query<{ code: string }>(`select code from public.people where id = $1`, [who.person])).rows[0]?.code;
const place = async (by: Somebody, whom: Somebody, on: boolean) =>
	act(by, `select public.set_on_stage($1, $2, $3)`, [world.run, await codeOf(whom), on]);
const bar = async (by: Somebody, whom: Somebody) =>
	act(by, `select public.bar_from_session($1, $2, true)`, [world.sessions.public.id, await codeOf(whom)]);

/** One who keeps the list of those who are not let in adds somebody, another confirms it. */
async function putOnList(registration: string): Promise<void> {
	const { safeguarding, owner } = world.people;
	const { rows } = await client.query<{ reference: string }>(
		`select reference from public.registrations where id = $1`,
		[registration]
	);
	const fields = { registration: rows[0]?.reference, details_sealed: 'ab'.repeat(40), key_id: 'k1' };
	const [added] = await act(safeguarding, `select public.add_barred_entry($1, $2) ->> 'id' as id`, [
		world.summit,
		JSON.stringify(fields)
	]);
	await act(owner, `select public.act_on_barred_entry($1, $2, 'confirm')`, [world.summit, added?.['id']]);
}

/** A speaker goes the whole way: green room, stage. */
async function speak(browser: Browser, who: Somebody): Promise<Page> {
	const page = await open(browser, who, `${stagePath()}/backstage/${world.sessions.public.code}`);
	await goOnStage(page, who.name);
	return page;
}

async function watch(browser: Browser, who: Somebody | null): Promise<Page> {
	const page = await open(browser, who);
	await page.getByRole('button', { name: 'Watch and listen' }).click();
	return page;
}

/** What a token says. */
function claimsOf(token: string): Record<string, unknown> {
	return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
}

/** Sound arrives: the loudest of what the page plays within a few seconds. */
function loudness(page: Page): Promise<number> {
	return page.evaluate(async () => {
		const context = new AudioContext();
		const analyser = context.createAnalyser();
		for (const audio of document.querySelectorAll('audio'))
			if (audio.srcObject instanceof MediaStream) context.createMediaStreamSource(audio.srcObject).connect(analyser);
		const samples = new Float32Array(analyser.fftSize);
		let loudest = 0;
		for (const end = Date.now() + 4000; Date.now() < end && loudest < 0.02;) {
			analyser.getFloatTimeDomainData(samples);
			loudest = Math.max(loudest, ...samples.map(Math.abs));
			await new Promise((done) => setTimeout(done, 20));
		}
		await context.close();
		return loudest;
	});
}

test('a speaker goes on stage from the green room, and a viewer sees and hears them', async ({ browser }) => {
	const { people } = world;
	const viewer = await open(browser, people.virtual);
	await expect(viewer.getByText('Nobody is on stage at the moment.')).toBeVisible();
	const speaker = await speak(browser, people.speaker);
	// The list comes from the run's own state, before anybody joins.
	await expect(viewer.getByRole('listitem').filter({ hasText: people.speaker.name })).toBeVisible();
	await viewer.getByRole('button', { name: 'Watch and listen' }).click();
	await moves(viewer, people.speaker.name);
	expect(await loudness(viewer)).toBeGreaterThan(0.01);
	// Neither name nor number of those who watch reaches anybody.
	expect(await viewer.content()).not.toContain(people.delegate.name);

	await chooseRung(viewer, 'Sound only');
	await expect(pictureOf(viewer, people.speaker.name)).toHaveCount(0);
	await expect(viewer.getByText('No picture is fetched, to spare your line.')).toBeVisible();
	expect(await loudness(viewer)).toBeGreaterThan(0.01);
	await viewer.reload();
	await viewer.getByRole('button', { name: 'Watch and listen' }).click();
	await expect(pictureMenu(viewer)).toContainText('Sound only');
	await expect(pictureOf(viewer, people.speaker.name)).toHaveCount(0);
	await chooseRung(viewer, 'High picture');
	await moves(viewer, people.speaker.name);

	await speaker.getByRole('button', { name: 'Camera' }).click();
	await expect(pictureOf(viewer, people.speaker.name)).toHaveCount(0);
	await speaker.getByRole('button', { name: 'Microphone' }).click();
	await expect(viewer.getByRole('img', { name: 'Microphone off' })).toBeVisible();
	await speaker.getByRole('button', { name: 'Leave the stage' }).click();
	await expect(viewer.getByText('Nobody is on stage at the moment.').first()).toBeVisible();
});

test('a chair starts, pauses, takes off and ends, and everybody sees it', async ({ browser }) => {
	const { people } = world;
	await act(people.stage, `select public.set_run_state($1, 'ended')`, [world.run]);
	const viewer = await open(browser, people.virtual);
	await expect(viewer.getByText('Nothing is on in this room at the moment')).toBeVisible();
	const host = await open(browser, chair, `${stagePath()}/backstage/${world.sessions.public.code}`);
	await host.getByRole('button', { name: 'Open the green room' }).click();
	await expect(host.getByRole('button', { name: 'Enter the green room' })).toBeVisible();
	await viewer.getByRole('button', { name: 'Come in and wait' }).click();
	await expect(viewer.getByText('It starts by itself when the chair begins.')).toBeVisible();

	await host.getByRole('button', { name: 'Go on stage' }).click();
	await expect(host.getByText('Nobody sees or hears you before the session begins.')).toBeVisible();
	await expect(pictureOf(viewer, chair.name)).toHaveCount(0);
	await host.getByRole('button', { name: 'Start', exact: true }).click();
	await host.getByRole('button', { name: 'Camera' }).click();
	await moves(viewer, chair.name);

	await host.getByRole('button', { name: 'Pause' }).click();
	await expect(viewer.getByText('The session is paused.')).toBeVisible();
	await expect(host.getByText('While the session is paused, nobody sees or hears you.')).toBeVisible();
	await expect(pictureOf(viewer, chair.name)).toHaveCount(0);
	await host.getByRole('button', { name: 'Go on', exact: true }).click();
	await moves(viewer, chair.name);

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

test('a viewer can neither publish nor send, and viewers do not exist for each other', async ({ browser }) => {
	const { people } = world;
	await speak(browser, people.speaker);
	const passes = await Promise.all(
		[people.virtual, people.delegate, null].map(async (who) => {
			const page = await open(browser, who);
			const { code, pass } = await passOf(page, passPath());
			expect([code, pass.status, pass.publish]).toEqual([200, 'ok', []]);
			return pass;
		})
	);
	const attackers = await Promise.all(passes.map(() => bare(browser)));
	for (const [index, attacker] of attackers.entries())
		expect(await joinBare(attacker, passes[index] ?? { url: '', token: '' })).toBe(true);
	for (const attacker of attackers) expect(await tryEverything(attacker)).toEqual([]);
	for (const attacker of attackers) {
		await expect.poll(async () => (await seenBy(attacker)).bytes).toBeGreaterThan(10_000);
		const seen = await seenBy(attacker);
		// One other: the speaker.
		expect([seen.connected, seen.others.length, seen.data]).toEqual([true, 1, 0]);
	}
});

test('a token says only who LiveKit calls somebody and what they may do', async ({ browser }) => {
	const { people } = world;
	await place(chair, people.speaker, true);
	const claims = async (who: Somebody | null) => {
		const { pass } = await passOf(await open(browser, who), passPath());
		return claimsOf(pass.token);
	};
	const speaker = await claims(people.speaker);
	expect(Object.keys(speaker).sort()).toEqual(['exp', 'iss', 'nbf', 'sub', 'video']);
	expect(speaker.sub).toMatch(/^[A-Z0-9]{20}$/);
	expect(speaker.video).toMatchObject({
		canPublish: true,
		canPublishData: false,
		canUpdateOwnMetadata: false,
		hidden: false
	});
	const stranger = await claims(null);
	expect(stranger.video).toMatchObject({ canPublish: false, canSubscribe: true, canPublishData: false, hidden: true });
	expect(Number(stranger.exp) - Date.now() / 1000).toBeLessThan(130);
	expect((await claims(null)).sub).not.toBe(stranger.sub);
});

test('whoever is barred gets nothing with any token they were handed, and the others go on', async ({ browser }) => {
	const { people } = world;
	const speaker = await speak(browser, people.speaker);
	const viewer = await watch(browser, people.virtual);
	await moves(viewer, people.speaker.name);
	const page = await open(browser, people.delegate);
	const { pass } = await passOf(page, passPath());
	const attacker = await bare(browser);
	await joinBare(attacker, pass);
	await expect.poll(async () => (await seenBy(attacker)).bytes).toBeGreaterThan(10_000);
	const { tokens } = await seenBy(attacker);

	await bar(chair, people.delegate);
	await expect.poll(async () => (await seenBy(attacker)).connected).toBe(false);
	await getsNothing(attacker, pass.url, [pass.token, ...tokens]);
	expect(await passOf(page, passPath())).toEqual({ code: 403, pass: { status: 'barred' } });
	await page.goto(stagePath());
	await expect(page.getByText('You cannot take part in this session.')).toBeVisible();
	await moves(viewer, people.speaker.name);

	// By the list of those who are not let in as well: the picture ends while they watch, and does not come back.
	await putOnList(world.registrations.virtual);
	await expect(viewer.locator('video, audio')).toHaveCount(0, { timeout: 15_000 });
	await viewer.reload();
	await expect(viewer.getByText('You cannot take part in this session.')).toBeVisible();
	await expect(viewer.locator('video, audio')).toHaveCount(0);
	await moves(speaker, people.speaker.name);
});

test('a raised level leaves strangers outside, whatever they kept', async ({ browser }) => {
	const { people, sessions } = world;
	await speak(browser, people.speaker);
	const viewer = await watch(browser, people.virtual);
	const stranger = await watch(browser, null);
	await moves(stranger, people.speaker.name);
	const { pass } = await passOf(stranger, passPath());
	const attacker = await bare(browser);
	await joinBare(attacker, pass);
	await expect.poll(async () => (await seenBy(attacker)).bytes).toBeGreaterThan(10_000);
	const { tokens } = await seenBy(attacker);

	await client.query(`update public.sessions set level = 'chatham_house', audience = 'registered' where id = $1`, [
		sessions.public.id
	]);
	await expect(stranger.getByText('Nothing is on in this room at the moment')).toBeVisible();
	await expect(stranger.locator('video, audio')).toHaveCount(0);
	await expect(stranger.locator('main')).not.toContainText(sessions.public.title);
	expect((await passOf(stranger, passPath())).code).toBe(404);
	await getsNothing(attacker, pass.url, [pass.token, ...tokens]);
	// Who may stay is asked what this level asks.
	await viewer.getByRole('button', { name: 'I have read this. Watch and listen' }).click();
	await moves(viewer, people.speaker.name);
});

test('whoever is taken off the stage is not seen again with the rights they were handed', async ({ browser }) => {
	const { people } = world;
	await place(chair, people.speaker, true);
	const speakers = await open(browser, people.speaker);
	const { pass } = await passOf(speakers, passPath());
	expect(pass.publish).toEqual(['camera', 'microphone', 'screen']);
	const attacker = await bare(browser);
	await joinBare(attacker, pass);
	expect(await publishBare(attacker)).toBe(true);
	const viewer = await watch(browser, people.virtual);
	await moves(viewer, people.speaker.name);
	const onlooker = await bare(browser);
	await joinBare(onlooker, (await passOf(viewer, passPath())).pass);
	const { tokens } = await seenBy(attacker);

	await place(chair, people.speaker, false);
	await expect(pictureOf(viewer, people.speaker.name)).toHaveCount(0);
	await expect.poll(async () => (await seenBy(onlooker)).bytes).toBe(0);
	for (const [index, token] of [...new Set([pass.token, ...tokens])].entries()) {
		const again = await bare(browser);
		await joinBare(again, { url: pass.url, token }, `again${index}`);
		await publishBare(again, `again${index}`);
		// Whatever slipped in before the server looked is gone, and stays away.
		await expect.poll(async () => (await seenBy(onlooker)).bytes).toBe(0);
		await expect.poll(() => publishBare(again, `again${index}`)).toBe(false);
		expect((await seenBy(onlooker)).bytes).toBe(0);
	}
	await expect(pictureOf(viewer, people.speaker.name)).toHaveCount(0);
	await expect(viewer.locator('audio')).toHaveCount(0);
});

/** With each of the tokens: no way in, or an empty room that is closed at once. */
async function getsNothing(attacker: Page, url: string, tokens: string[]): Promise<void> {
	for (const [index, token] of [...new Set(tokens)].entries()) {
		const name = `kept${index}`;
		const entered = await joinBare(attacker, { url, token }, name);
		if (entered) await expect.poll(async () => (await seenBy(attacker, name)).connected).toBe(false);
		expect(await seenBy(attacker, name)).toMatchObject({ connected: false, others: [], bytes: 0, data: 0 });
	}
}

test('LiveKit dies and comes back: the page says so, and the picture returns by itself @alone', async ({ browser }) => {
	const { people } = world;
	const speaker = await speak(browser, people.speaker);
	const viewer = await watch(browser, people.virtual);
	await moves(viewer, people.speaker.name);
	process.kill(livekitProcess(variables), 'SIGKILL');
	await expect(viewer.getByText(/The line broke|The streams/)).toBeVisible();
	await expect(viewer.getByText(/The line broke|The streams/)).toHaveCount(0, { timeout: 40_000 });
	// Each comes back by themselves, in any order.
	await moves(speaker, people.speaker.name, 40_000);
	await moves(viewer, people.speaker.name, 40_000);
});

test('a second window takes over, and the first says where the picture went', async ({ browser }) => {
	const { people } = world;
	await speak(browser, people.speaker);
	const first = await watch(browser, people.virtual);
	await moves(first, people.speaker.name);
	const second = await first.context().newPage();
	await second.goto(stagePath());
	await second.getByRole('button', { name: 'Watch and listen' }).click();
	await moves(second, people.speaker.name);
	await expect(first.getByText('You are watching in another window.')).toBeVisible();
	await first.getByRole('button', { name: 'Watch here instead' }).click();
	await moves(first, people.speaker.name);
});

test('whoever joins by a pass that was read before the room moved is in the new one at once', async ({ browser }) => {
	const { people } = world;
	await speak(browser, people.speaker);
	const viewer = await open(browser, people.virtual);
	await expect(viewer.getByRole('button', { name: 'Watch and listen' })).toBeVisible();
	const room = async () => claimsOf((await passOf(viewer, passPath())).pass.token).video;
	const before = await room();
	// The room moves on from whoever could come back with what they hold.
	await passOf(await open(browser, people.delegate), passPath());
	await bar(chair, people.delegate);
	await expect.poll(room).not.toEqual(before);
	await viewer.getByRole('button', { name: 'Watch and listen' }).click();
	await moves(viewer, people.speaker.name);
});

test('a token of yesterday opens nothing', async ({ browser }) => {
	const { people } = world;
	await speak(browser, people.speaker);
	const { pass } = await passOf(await open(browser, people.virtual), passPath());
	const { sub, video } = JSON.parse(Buffer.from(pass.token.split('.')[1] ?? '', 'base64url').toString()) as {
		sub: string;
		video: { room: string };
	};
	const minted = async (ttl: number) => {
		const token = new AccessToken(variables.LIVEKIT_API_KEY, variables.LIVEKIT_API_SECRET, { identity: sub, ttl });
		token.addGrant({ roomJoin: true, room: video.room, canSubscribe: true, canPublish: false, hidden: true });
		return token.toJwt();
	};
	const attacker = await bare(browser);
	expect(await joinBare(attacker, { url: pass.url, token: await minted(-86_400) })).toBe(false);
	// The same one of today does: it was its age.
	expect(await joinBare(attacker, { url: pass.url, token: await minted(60) }, 'today')).toBe(true);
});

test('an address or a word that no database takes is not found or refused in a sentence', async ({ browser }) => {
	const { people, slug } = world;
	const page = await open(browser, people.virtual);
	for (const path of ['live/%00', 'live/a%00b', 'live/plenary/captions/%00', 'live/plenary/booth/%00', 'agenda?q=%00'])
		expect([path, (await page.request.get(`/${slug}/${path}`)).status()]).toEqual([path, 404]);
	const headers = { origin: variables.ORIGIN ?? '' };
	const beat = { run: world.run, visit: 'a'.repeat(20), language: 'a\0b', reading: false };
	expect((await page.request.post(`${stagePath()}/beat`, { headers, data: beat })).status()).toBe(400);
	const answer = await page.request.post(`${stagePath()}?/write`, {
		headers: { ...headers, 'x-sveltekit-action': 'true', accept: 'application/json' },
		form: { run: world.run, text: 'Good\0 morning' }
	});
	expect(await answer.json()).toMatchObject({ type: 'success' });
	const { rows } = await client.query<{ body: string }>(`select body from private.messages where run_id = $1`, [
		world.run
	]);
	expect(rows).toEqual([{ body: 'Good morning' }]);
});

test('passes are for our own pages, for rooms that are there, and for those who may enter', async ({
	browser,
	request
}) => {
	const { people, slug } = world;
	const origin = variables.ORIGIN ?? '';
	const post = (path: string, headers: Record<string, string>, data: unknown = {}) =>
		request.post(path, { headers, data });
	expect((await post(passPath(), { origin: 'https://elsewhere.example' })).status()).toBe(403);
	expect((await post(passPath(), {})).status()).toBe(403);
	expect((await post(passPath(), { origin }, { purpose: 'everything' })).status()).toBe(400);
	expect((await post(passPath(), { origin }, { purpose: 'green_room' })).status()).toBe(403);
	expect((await post(`/${slug}/live/no-such-room/pass`, { origin })).status()).toBe(404);
	expect((await post(`/no-such-summit/live/plenary/pass`, { origin })).status()).toBe(404);
	await act(people.stage, `select public.set_run_state($1, 'ended')`, [world.run]);
	await act(people.stage, `select public.open_run($1)`, [world.sessions.closed.id]);
	const hidden = await open(browser, people.delegate);
	const [unseen, unknown] = [await passOf(hidden, passPath()), await passOf(hidden, `/${slug}/live/no-such-room/pass`)];
	expect(unseen).toEqual(unknown);
	expect(unseen.code).toBe(404);
	const backstage = await hidden.goto(`${stagePath()}/backstage/${world.sessions.closed.code}`);
	expect(backstage?.status()).toBe(404);
});

test('forged, altered and unsigned webhooks are refused', async ({ request }) => {
	const body = JSON.stringify({
		event: 'participant_joined',
		room: { name: 'x' },
		participant: { identity: 'y', sid: 'PA_z' }
	});
	const digest = createHash('sha256').update(body).digest('base64');
	const sign = async (secret: string, sha256: string, ttl = 60) => {
		const token = new AccessToken(variables.LIVEKIT_API_KEY, secret, { ttl });
		token.sha256 = sha256;
		return token.toJwt();
	};
	const secret = variables.LIVEKIT_API_SECRET ?? '';
	const send = async (authorization: string | null) =>
		(
			await request.post('/webhooks/livekit', {
				headers: { 'content-type': 'application/webhook+json', ...(authorization && { authorization }) },
				data: body
			})
		).status();
	expect(await send(null)).toBe(401);
	expect(await send(await sign('another-secret-of-thirty-two-letters', digest))).toBe(401);
	expect(await send(await sign(secret, createHash('sha256').update('other').digest('base64')))).toBe(401);
	expect(await send(await sign(secret, digest, -120))).toBe(401);
	expect(await send(await sign(secret, digest))).toBe(204);
});

test('presence is written from what LiveKit tells, once for each person, and never for strangers', async ({
	browser
}) => {
	const { people } = world;
	const first = await watch(browser, people.virtual);
	const stranger = await watch(browser, null);
	const kept = async () =>
		(
			await client.query<{ person_id: string; left: boolean }>(
				`select person_id, left_at is not null as left from public.presence where run_id = $1`,
				[world.run]
			)
		).rows;
	await expect.poll(kept).toEqual([{ person_id: people.virtual.person, left: false }]);
	await first.reload();
	await first.getByRole('button', { name: 'Watch and listen' }).click();
	await expect(first.getByRole('button', { name: 'Leave' })).toBeVisible();
	await stranger.close();
	await expect.poll(kept).toEqual([{ person_id: people.virtual.person, left: false }]);
	await first.getByRole('button', { name: 'Leave' }).click();
	await expect.poll(kept).toEqual([{ person_id: people.virtual.person, left: true }]);
});

test('without script the page says what is on, and what it needs', async ({ browser }) => {
	const { context, page } = await browserOf(browser, variables, null, { javaScriptEnabled: false });
	await page.goto(stagePath());
	await expect(page.getByText('Picture and sound need JavaScript')).toBeVisible();
	await expect(page.getByRole('heading', { name: world.sessions.public.title }).first()).toBeVisible();
	await page.goto(`/${world.slug}/live`);
	await expect(page.getByRole('link', { name: world.sessions.public.title })).toBeVisible();
	await context.close();
	// A chair runs the session by plain forms, too.
	const host = await browserOf(browser, variables, chair, { javaScriptEnabled: false });
	await host.page.goto(stagePath());
	await host.page.getByRole('button', { name: 'Pause' }).click();
	await expect(host.page.getByRole('button', { name: 'Go on', exact: true })).toBeVisible();
	await host.context.close();
});

for (const scheme of ['light', 'dark'] as const) {
	test(`live pages have no accessibility faults, ${scheme}`, async ({ browser }) => {
		const { context, page } = await browserOf(browser, variables, chair, { colorScheme: scheme });
		const faults = async () =>
			(await new AxeBuilder({ page }).analyze()).violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
		await page.goto(`/${world.slug}/live`);
		expect(await faults()).toEqual([]);
		await page.goto(stagePath());
		expect(await faults()).toEqual([]);
		await page.goto(`${stagePath()}/backstage/${world.sessions.public.code}`);
		await page.getByRole('button', { name: 'Check camera and microphone' }).click();
		await expect(page.getByRole('meter')).toBeVisible();
		expect(await faults()).toEqual([]);
		await context.close();
	});
}
