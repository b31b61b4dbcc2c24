/* Rule 6 attacked on a real LiveKit: kept tokens, clients other than our page, forged events. */
import { createHash } from 'node:crypto';
import type { Browser, Page } from '@playwright/test';
import { AccessToken } from 'livekit-server-sdk';
import {
	bareClient,
	claimsOf,
	joinBare,
	passOf,
	publishBare,
	receivedBy,
	tryEverything
} from '../../fixtures/livekit.ts';
import { useStageBrowsers, variables } from '../../fixtures/stage-browsers.ts';
import { expect, test } from '../../fixtures/test.ts';
import { expectPlaying, pictureOf } from '../../fixtures/watching.ts';
import type { TestPerson } from '../../fixtures/world.ts';

const stage = useStageBrowsers();

const bare = (browser: Browser) => bareClient(browser, variables, `/${stage.world.slug}/live`);
const place = async (by: TestPerson, whom: TestPerson, on: boolean) =>
	stage.act(by, `select public.set_on_stage($1, $2, $3)`, [stage.world.run, await stage.codeOf(whom), on]);

/** Adds a person to the watch list, confirmed by a second lead. */
async function putOnList(registration: string): Promise<void> {
	const { safeguarding, owner } = stage.world.people;
	const { rows } = await stage.client.query<{ reference: string }>(
		`select reference from public.registrations where id = $1`,
		[registration]
	);
	const fields = { registration: rows[0]?.reference, details_sealed: 'ab'.repeat(40), key_id: 'k1' };
	const [added] = await stage.act(safeguarding, `select public.add_watch_list_entry($1, $2) ->> 'id' as id`, [
		stage.world.summit,
		JSON.stringify(fields)
	]);
	await stage.act(owner, `select public.update_watch_list_entry($1, $2, 'confirm')`, [
		stage.world.summit,
		added?.['id']
	]);
}

test('lets a viewer neither publish nor send, and hides viewers from each other', async ({ browser }) => {
	const { people } = stage.world;
	await stage.speak(browser, people.speaker);
	const passes = await Promise.all(
		[people.virtual, people.delegate, null].map(async (who) => {
			const page = await stage.open(browser, who);
			const { code, pass } = await passOf(page, stage.passPath);
			expect([code, pass.status, pass.publish]).toEqual([200, 'ok', []]);
			return pass;
		})
	);
	const attackers = await Promise.all(passes.map(() => bare(browser)));
	for (const [index, attacker] of attackers.entries())
		expect(await joinBare(attacker, passes[index] ?? { url: '', token: '' })).toBe(true);
	for (const attacker of attackers) expect(await tryEverything(attacker)).toEqual([]);
	for (const attacker of attackers) {
		await expect.poll(async () => (await receivedBy(attacker)).bytes).toBeGreaterThan(10_000);
		const seen = await receivedBy(attacker);
		// Only one other participant: the speaker.
		expect([seen.connected, seen.others.length, seen.data]).toEqual([true, 1, 0]);
	}
});

test('puts only an identity and its rights into a token', async ({ browser }) => {
	const { people } = stage.world;
	await place(stage.chair, people.speaker, true);
	const claims = async (who: TestPerson | null) => {
		const { pass } = await passOf(await stage.open(browser, who), stage.passPath);
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
	const visitor = await claims(null);
	expect(visitor.video).toMatchObject({ canPublish: false, canSubscribe: true, canPublishData: false, hidden: true });
	expect(Number(visitor.exp) - Date.now() / 1000).toBeLessThan(130);
	expect((await claims(null)).sub).not.toBe(visitor.sub);
});

test('refuses a barred person with every token they hold, while the others go on', async ({ browser }) => {
	const { people } = stage.world;
	const speaker = await stage.speak(browser, people.speaker);
	const viewer = await stage.watch(browser, people.virtual);
	await expectPlaying(viewer, people.speaker.name);
	const page = await stage.open(browser, people.delegate);
	const { pass } = await passOf(page, stage.passPath);
	const attacker = await bare(browser);
	await joinBare(attacker, pass);
	await expect.poll(async () => (await receivedBy(attacker)).bytes).toBeGreaterThan(10_000);
	const { tokens } = await receivedBy(attacker);

	await stage.bar(stage.chair, people.delegate);
	await expect.poll(async () => (await receivedBy(attacker)).connected).toBe(false);
	await getsNothing(attacker, pass.url, [pass.token, ...tokens]);
	expect(await passOf(page, stage.passPath)).toEqual({ code: 403, pass: { status: 'barred' } });
	await page.goto(stage.stagePath);
	await expect(page.getByText('You cannot take part in this session.')).toBeVisible();
	await expectPlaying(viewer, people.speaker.name);

	// The watch list has the same effect: the video ends while they watch, and does not come back.
	await putOnList(stage.world.registrations.virtual);
	await expect(viewer.locator('video, audio')).toHaveCount(0, { timeout: 15_000 });
	await viewer.reload();
	await expect(viewer.getByText('You cannot take part in this session.')).toBeVisible();
	await expect(viewer.locator('video, audio')).toHaveCount(0);
	await expectPlaying(speaker, people.speaker.name);
});

test('keeps visitors out after a raised level, whatever tokens they hold', async ({ browser }) => {
	const { people, sessions } = stage.world;
	await stage.speak(browser, people.speaker);
	const viewer = await stage.watch(browser, people.virtual);
	const visitor = await stage.watch(browser, null);
	await expectPlaying(visitor, people.speaker.name);
	const { pass } = await passOf(visitor, stage.passPath);
	const attacker = await bare(browser);
	await joinBare(attacker, pass);
	await expect.poll(async () => (await receivedBy(attacker)).bytes).toBeGreaterThan(10_000);
	const { tokens } = await receivedBy(attacker);

	await stage.client.query(
		`update public.sessions set level = 'chatham_house', audience = 'registered' where id = $1`,
		[sessions.public.id]
	);
	await expect(visitor.getByText('Nothing is on in this room at the moment')).toBeVisible();
	await expect(visitor.locator('video, audio')).toHaveCount(0);
	await expect(visitor.locator('main')).not.toContainText(sessions.public.title);
	expect((await passOf(visitor, stage.passPath)).code).toBe(404);
	await getsNothing(attacker, pass.url, [pass.token, ...tokens]);
	// Those who may stay are asked for the confirmation of this level.
	await viewer.getByRole('button', { name: 'I have read this. Watch and listen' }).click();
	await expectPlaying(viewer, people.speaker.name);
});

test('shows nothing of a person taken off the stage, whatever rights their token has', async ({ browser }) => {
	const { people } = stage.world;
	await place(stage.chair, people.speaker, true);
	const speakers = await stage.open(browser, people.speaker);
	const { pass } = await passOf(speakers, stage.passPath);
	expect(pass.publish).toEqual(['camera', 'microphone', 'screen']);
	const attacker = await bare(browser);
	await joinBare(attacker, pass);
	expect(await publishBare(attacker)).toBe(true);
	const viewer = await stage.watch(browser, people.virtual);
	await expectPlaying(viewer, people.speaker.name);
	const observer = await bare(browser);
	await joinBare(observer, (await passOf(viewer, stage.passPath)).pass);
	const { tokens } = await receivedBy(attacker);

	await place(stage.chair, people.speaker, false);
	await expect(pictureOf(viewer, people.speaker.name)).toHaveCount(0);
	await expect.poll(async () => (await receivedBy(observer)).bytes).toBe(0);
	for (const [index, token] of [...new Set([pass.token, ...tokens])].entries()) {
		const again = await bare(browser);
		await joinBare(again, { url: pass.url, token }, `again${index}`);
		await publishBare(again, `again${index}`);
		// What gets in before the server checks is removed again.
		await expect.poll(() => publishBare(again, `again${index}`)).toBe(false);
		await expect.poll(async () => (await receivedBy(observer)).bytes).toBe(0);
	}
	await expect(pictureOf(viewer, people.speaker.name)).toHaveCount(0);
	await expect(viewer.locator('audio')).toHaveCount(0);
});

/** Each token either joins no room, or an empty room that is closed at once. */
async function getsNothing(attacker: Page, url: string, tokens: string[]): Promise<void> {
	for (const [index, token] of [...new Set(tokens)].entries()) {
		const name = `kept${index}`;
		const entered = await joinBare(attacker, { url, token }, name);
		if (entered) await expect.poll(async () => (await receivedBy(attacker, name)).connected).toBe(false);
		expect(await receivedBy(attacker, name)).toMatchObject({ connected: false, others: [], bytes: 0, data: 0 });
	}
}

test('refuses a token of yesterday', async ({ browser }) => {
	const { people } = stage.world;
	await stage.speak(browser, people.speaker);
	const { pass } = await passOf(await stage.open(browser, people.virtual), stage.passPath);
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
	// A token of today works: only the age made the difference.
	expect(await joinBare(attacker, { url: pass.url, token: await minted(60) }, 'today')).toBe(true);
});

test('answers an invalid address or text with not found or a sentence', async ({ browser }) => {
	const { people, slug } = stage.world;
	const page = await stage.open(browser, people.virtual);
	for (const path of ['live/%00', 'live/a%00b', 'live/plenary/captions/%00', 'live/plenary/booth/%00', 'agenda?q=%00'])
		expect([path, (await page.request.get(`/${slug}/${path}`)).status()]).toEqual([path, 404]);
	const headers = { origin: variables.ORIGIN ?? '' };
	const heartbeat = { run: stage.world.run, visit: 'a'.repeat(20), language: 'a\0b', reading: false };
	expect((await page.request.post(`${stage.stagePath}/heartbeat`, { headers, data: heartbeat })).status()).toBe(400);
	const answer = await page.request.post(`${stage.stagePath}?/write`, {
		headers: { ...headers, 'x-sveltekit-action': 'true', accept: 'application/json' },
		form: { run: stage.world.run, text: 'Good\0 morning' }
	});
	expect(await answer.json()).toMatchObject({ type: 'success' });
	const { rows } = await stage.client.query<{ body: string }>(
		`select body from private.chat_messages where run_id = $1`,
		[stage.world.run]
	);
	expect(rows).toEqual([{ body: 'Good morning' }]);
});

test('gives passes to our own pages only, for existing rooms, and to those who may enter', async ({
	browser,
	request
}) => {
	const { people, slug } = stage.world;
	const origin = variables.ORIGIN ?? '';
	const post = (path: string, headers: Record<string, string>, data: unknown = {}) =>
		request.post(path, { headers, data });
	expect((await post(stage.passPath, { origin: 'https://elsewhere.example' })).status()).toBe(403);
	expect((await post(stage.passPath, {})).status()).toBe(403);
	expect((await post(stage.passPath, { origin }, { purpose: 'everything' })).status()).toBe(400);
	expect((await post(stage.passPath, { origin }, { purpose: 'green_room' })).status()).toBe(403);
	expect((await post(`/${slug}/live/no-such-room/pass`, { origin })).status()).toBe(404);
	expect((await post(`/no-such-summit/live/plenary/pass`, { origin })).status()).toBe(404);
	await stage.act(people.stage, `select public.set_run_state($1, 'ended')`, [stage.world.run]);
	await stage.act(people.stage, `select public.open_run($1)`, [stage.world.sessions.closed.id]);
	const hidden = await stage.open(browser, people.delegate);
	const [unseen, unknown] = [
		await passOf(hidden, stage.passPath),
		await passOf(hidden, `/${slug}/live/no-such-room/pass`)
	];
	expect(unseen).toEqual(unknown);
	expect(unseen.code).toBe(404);
	const backstage = await hidden.goto(`${stage.stagePath}/backstage/${stage.world.sessions.closed.code}`);
	expect(backstage?.status()).toBe(404);
});

test('refuses forged, altered and unsigned webhooks', async ({ request }) => {
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
