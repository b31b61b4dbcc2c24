/* What the server sends to a browser's push service, read as the browser reads it. */
import { createECDH, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { pushJobs } from '../../../src/lib/announcements/server/push.ts';
import { isPushService, pushKeys } from '../../../src/lib/live/server/push.ts';
import { closePool } from '../../../src/lib/database/server/pool.ts';
import { pushBrowser } from '../../fixtures/push.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { makeWorld, type World } from '../../fixtures/world.ts';

interface Arrived {
	path: string;
	headers: Record<string, unknown>;
	body: Buffer;
}

const db = useDatabase();
let world: World;
let service: Server;
let host: string;
let answer = 201;
const arrived: Arrived[] = [];

beforeAll(async () => {
	service = createServer((request, response) => {
		const parts: Buffer[] = [];
		request.on('data', (part: Buffer) => parts.push(part));
		request.on('end', () => {
			arrived.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(parts) });
			response.writeHead(answer).end();
		});
	});
	await new Promise<void>((done) => service.listen(0, '127.0.0.1', done));
	host = `127.0.0.1:${(service.address() as AddressInfo).port}`;
	const ours = createECDH('prime256v1');
	ours.generateKeys();
	Object.assign(process.env, {
		DATABASE_URL: db.url,
		APP_DATABASE_URL: db.appUrl,
		PUSH_SERVICES: host,
		PUSH_KEY: Buffer.concat([Buffer.alloc(32), ours.getPrivateKey()])
			.subarray(-32)
			.toString('base64url'),
		MAIL_FROM: 'Summit <summit@example.org>'
	});
});
afterAll(async () => {
	service.close();
	await closePool();
});
beforeEach(async () => {
	world = await makeWorld(db.owner);
	arrived.length = 0;
	answer = 201;
});

/** The delegate's browser, with its own keys. */
async function browser(endpoint = `http://${host}/${randomUUID()}`) {
	const { p256dh, auth, read } = pushBrowser();
	const session = randomUUID();
	const { person, account } = world.people.delegate;
	await db.owner.query(`insert into auth.sessions (id, user_id) values ($1, $2)`, [session, account]);
	await db.owner.query(
		`insert into private.push_subscriptions (person_id, session_id, endpoint, p256dh, auth) values ($1, $2, $3, $4, $5)`,
		[person, session, endpoint, p256dh, auth]
	);
	return read;
}

async function announce(target: object = { audience: 'everyone' }): Promise<string> {
	const texts = { en: { title: 'The hall is closed', body: 'Go to the garden.' }, ar: { title: 'القاعة مغلقة' } };
	const written = { texts, original: 'en', page: '/agenda', urgent: true, push: true, minutes: 30 };
	const { id } = await callAs<{ id: string }>(db.owner, world.people.programme, 'public.announce($1, $2, $3, $4)', [
		world.summit,
		randomUUID(),
		target,
		written
	]);
	return id;
}

const later: { id: string; runAt?: Date }[] = [];
const send = (id: string) =>
	pushJobs()[0]?.run(id, (jobs) => {
		later.push(...jobs);
		return Promise.resolve();
	});

test('the browser reads it in its reader’s language, and the push service cannot read it', async () => {
	const read = await browser();
	await db.owner.query(`insert into public.person_preferences (person_id, locale) values ($1, 'ar')`, [
		world.people.delegate.person
	]);
	const id = await announce();
	await send(id);
	expect(arrived.length).toBe(1);
	const [{ headers, body }] = arrived as [Arrived];
	expect(headers).toMatchObject({ 'content-encoding': 'aes128gcm', urgency: 'high' });
	expect(Number(headers['ttl'])).toBeGreaterThan(1700);
	expect(String(headers['authorization'])).toContain(pushKeys()?.publicKey);
	expect(body.includes('hall')).toBe(false);
	expect(read(body)).toEqual({
		id,
		lang: 'ar',
		title: 'القاعة مغلقة',
		body: '',
		url: `/ar/${world.slug}/agenda`,
		urgent: true
	});
	await send(id);
	expect(arrived.length).toBe(1);
});

test('mentions of a closed session only that there is an announcement', async () => {
	const read = await browser();
	await db.owner.query(
		`insert into public.session_people (session_id, summit_id, person_id, role, state) values ($1, $2, $3, 'chair', 'confirmed')`,
		[world.sessions.closed.id, world.summit, world.people.delegate.person]
	);
	await send(await announce({ audience: 'session', session: world.sessions.closed.id }));
	expect(read((arrived as [Arrived])[0].body)).toMatchObject({
		title: 'World Summit',
		body: 'There is a message for you. Open the Summit to read it.',
		url: `/${world.slug}/announcements`
	});
});

test('retries later when a service fails, and forgets a browser that is gone', async () => {
	await browser();
	const id = await announce();
	answer = 503;
	await send(id);
	expect(later.at(-1)).toMatchObject({ id });
	expect(later.at(-1)?.runAt?.getTime()).toBeGreaterThan(Date.now());
	answer = 410;
	await db.owner.query(`update private.pushes set send_after = now() where announcement_id = $1`, [id]);
	await send(id);
	const count = `select count(*)::integer from private.push_subscriptions where person_id = $1`;
	expect(await readValue(db.owner, count, [world.people.delegate.person])).toBe(0);
});

test.each([
	['https://fcm.googleapis.com/fcm/send/x', true],
	['https://web.push.apple.com/x', true],
	['http://fcm.googleapis.com/x', false],
	['https://fcm.googleapis.com:8443/x', false],
	['https://fcm.googleapis.com.example.org/x', false],
	['https://user@127.0.0.1/x', false],
	['http://169.254.169.254/latest', false],
	['http://localhost:5432/', false],
	['nonsense', false]
])('the server calls push services only: %s %s', (endpoint, isOne) => {
	expect(isPushService(endpoint, {})).toBe(isOne);
});
