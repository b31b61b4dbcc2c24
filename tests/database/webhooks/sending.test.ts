/* What another system gets: the form of Standard Webhooks, when it is tried again, and what is never sent. */
import { beforeEach, expect, test, vi } from 'vitest';
import { Webhook } from 'standardwebhooks';
import { callPrivate } from '../../../src/lib/database/server/pool.ts';
import { postToEndpoint } from '../../../src/lib/webhooks/server/posting.ts';
import { newSecret, sealSecret } from '../../../src/lib/webhooks/server/signing.ts';
import { sendTestEvent } from '../../../src/lib/webhooks/server/sending.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { addEndpoint, callWebhooks, sendAll, useReceiver } from '../../fixtures/webhooks.ts';
import { makeWorld, type World } from '../../fixtures/world.ts';

const db = useDatabase();
const receiver = useReceiver(db);
let world: World;
let endpoint: { id: string; secret: string };

beforeEach(async () => {
	await db.owner.query('delete from private.webhook_endpoints; delete from private.webhook_events');
	world = await makeWorld(db.owner);
	endpoint = await addEndpoint(db.owner, world, `${receiver.url}/in`, ['figures.released', 'session.live']);
});

let number = 0;
const happen = (client = db.owner) =>
	client.query(`insert into public.figure_releases (summit_id, number, content) values ($1, $2, '{}')`, [
		world.summit,
		(number += 1)
	]);
const one = async <Row extends object>(sql: string, values: unknown[] = []) =>
	(await db.owner.query<Row>(sql, values)).rows[0];
const delivery = () =>
	one<{ id: string; state: string; attempts: number; tries: number; wait: number }>(
		`select id, state, attempts, tries, extract(epoch from due_at - now())::float as wait from private.webhook_deliveries`
	);
const attempts = async () =>
	(await db.owner.query(`select status, fault, excerpt from private.webhook_attempts order by number`)).rows;
/** Lets time pass for what waits. */
const later = (interval: string) =>
	db.owner.query(
		`with d as (update private.webhook_deliveries set due_at = due_at - $1::interval where state = 'waiting')
		update private.webhook_senders set held_until = held_until - $1::interval, claimed_until = claimed_until - $1::interval,
			failing_since = failing_since - $1::interval`,
		[interval]
	);
const numbers = () => receiver.received.map(({ event }) => event.data['release']);

test('what arrives is verified by the library of Standard Webhooks', async () => {
	await happen();
	await sendAll();
	const [{ headers, body, path, event }] = receiver.received as [(typeof receiver.received)[0]];
	expect(path).toBe('/in');
	expect(headers['content-type']).toBe('application/json');
	const signed = headers as Record<string, string>;
	expect(new Webhook(endpoint.secret).verify(body, signed)).toEqual(event);
	expect(event).toEqual({
		type: 'figures.released',
		timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as unknown,
		data: { summit: world.slug, release: number }
	});
	expect(() => new Webhook(newSecret()).verify(body, signed)).toThrow();
	expect(() => new Webhook(endpoint.secret).verify(body.replace('figures', 'figurez'), signed)).toThrow();
	expect(await delivery()).toMatchObject({ state: 'delivered', attempts: 1 });
	expect(await attempts()).toEqual([{ status: 204, fault: null, excerpt: '' }]);
});

test('what is rolled back is never sent, and a wish for another kind or another Summit neither', async () => {
	await db.owner.query('begin');
	await happen();
	await db.owner.query('rollback');
	await db.owner.query(`update public.summits set state = 'live' where id = $1`, [world.summit]);
	const other = await makeWorld(db.owner);
	await db.owner.query(`insert into public.figure_releases (summit_id, number, content) values ($1, 1, '{}')`, [
		other.summit
	]);
	await sendAll();
	expect(receiver.received).toEqual([]);
	expect(await one('select count(*)::int from private.webhook_events')).toEqual({ count: 0 });
});

test('events arrive in their order, each once, however many processes send', async () => {
	for (let count = 0; count < 12; count += 1) await happen();
	await Promise.all([sendAll(), sendAll(), sendAll()]);
	expect(numbers()).toEqual(Array.from({ length: 12 }, (_, place) => number - 11 + place));
	expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(12);
});

test('a failed one is tried again on the recommended schedule, with the same id and body', async () => {
	await happen();
	receiver.answer = (response) => response.writeHead(500).end('Out of order\n\u202ebad');
	const waits = [5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400];
	for (const wait of waits) {
		const [job] = await sendAll();
		const found = await delivery();
		expect(found?.state).toBe('waiting');
		expect(found?.wait).toBeGreaterThan(wait * 0.89);
		expect(found?.wait).toBeLessThan(wait * 1.11);
		expect(job?.id).toBe(endpoint.id);
		await later(`${Math.ceil(wait * 1.11)} seconds`);
	}
	await sendAll();
	expect(await delivery()).toMatchObject({ state: 'failed', attempts: 10 });
	expect(new Set(receiver.received.map(({ headers, body }) => `${headers['webhook-id'] as string} ${body}`)).size).toBe(
		1
	);
	expect((await attempts())[0]).toEqual({ status: 500, fault: null, excerpt: 'Out of order bad' });
	// For three days nothing has succeeded: it is paused, and its owners are mailed once.
	expect(await one('select pause_reason from private.webhook_endpoints')).toEqual({ pause_reason: 'failing' });
	expect(
		await one(
			`select count(*)::int, min(params ->> 'reason') as reason from private.outbox where template = 'webhook_paused'`
		)
	).toEqual({
		count: 1,
		reason: 'failing'
	});
});

test('one failure does not hold up the others for long, and an endpoint that is away is not asked for each event', async () => {
	await happen();
	await happen();
	receiver.answer = (response) => response.writeHead(503).end();
	await sendAll();
	await sendAll();
	expect(receiver.received).toHaveLength(1);
	receiver.answer = (response) => response.writeHead(200).end('ok');
	await later('3 seconds');
	await sendAll();
	// The first one waits for its own time, the second one is there.
	expect(numbers()).toEqual([number - 1, number]);
	await later('6 seconds');
	await sendAll();
	expect(numbers()).toEqual([number - 1, number, number - 1]);
	expect(await one('select failing_since, failures from private.webhook_senders')).toEqual({
		failing_since: null,
		failures: 0
	});
});

test('410 pauses the endpoint at once and writes to its owners', async () => {
	receiver.answer = (response) => response.writeHead(410).end();
	await happen();
	await happen();
	await sendAll();
	expect(receiver.received).toHaveLength(1);
	expect(await one('select pause_reason from private.webhook_endpoints')).toEqual({ pause_reason: 'gone' });
	await happen();
	expect(await one(`select count(*)::int from private.webhook_events`)).toEqual({ count: 2 });
	expect(
		await one(`select count(*)::int from private.outbox where template = 'webhook_paused' and person_id = $1`, [
			world.people.owner.person
		])
	).toEqual({ count: 1 });
});

test('a process that dies loses nothing, and what it writes later does not count', async () => {
	await happen();
	const [dead] = await callPrivate('claim_webhook_endpoint', [null]);
	const [taken] = await callPrivate('next_webhook', [endpoint.id, dead?.claim ?? '']);
	expect(taken?.kind).toBe('figures.released');
	// While its claim lasts, nobody else sends.
	await sendAll();
	expect(receiver.received).toEqual([]);
	await later('61 seconds');
	await sendAll();
	expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([taken?.event]);
	const record = [taken?.delivery ?? '', dead?.claim ?? '', 500, null, 'late', 1] as const;
	expect((await callPrivate('record_webhook_attempt', [...record]))[0]?.record_webhook_attempt).toBe(false);
	expect(await callPrivate('next_webhook', [endpoint.id, dead?.claim ?? ''])).toEqual([]);
	expect(await delivery()).toMatchObject({ state: 'delivered', attempts: 1 });
});

test('for a day after a rotation both secrets sign, the new one first; then the new one alone', async () => {
	const secret = newSecret();
	const { secret_sealed, key_id } = sealSecret(secret, endpoint.id);
	const rotated = await callWebhooks(db.owner, world.people.owner, 'rotate_webhook_secret($1, $2, $3)', [
		endpoint.id,
		secret_sealed,
		key_id
	]);
	expect(rotated).toBe('ok');
	await happen();
	await sendAll();
	await db.owner.query(`update private.webhook_endpoints set old_until = now() - interval '1 second'`);
	await happen();
	await sendAll();
	const [both, alone] = receiver.received.map(({ headers, body }) => ({
		headers: headers as Record<string, string>,
		body
	}));
	for (const each of [endpoint.secret, secret]) new Webhook(each).verify(both?.body ?? '', both?.headers ?? {});
	expect(both?.headers['webhook-signature']).toMatch(/^v1,\S+ v1,\S+$/);
	new Webhook(secret).verify(alone?.body ?? '', alone?.headers ?? {});
	expect(() => new Webhook(endpoint.secret).verify(alone?.body ?? '', alone?.headers ?? {})).toThrow();
});

test('a secret that is replaced twice in a day leaves the one that the receiver has', async () => {
	const [lost, last] = [newSecret(), newSecret()];
	for (const secret of [lost, last]) {
		const { secret_sealed, key_id } = sealSecret(secret, endpoint.id);
		const values = [endpoint.id, secret_sealed, key_id];
		await callWebhooks(db.owner, world.people.owner, 'rotate_webhook_secret($1, $2, $3)', values);
	}
	await happen();
	await sendAll();
	const [{ headers, body } = { headers: {}, body: '' }] = receiver.received;
	const verify = (secret: string) => new Webhook(secret).verify(body, headers as Record<string, string>);
	for (const secret of [endpoint.secret, last]) verify(secret);
	expect(() => verify(lost)).toThrow();
});

test('no redirect is followed', async () => {
	receiver.answer = (response) => response.writeHead(302, { location: `${receiver.url}/elsewhere` }).end();
	await happen();
	await sendAll();
	expect(receiver.received.map(({ path }) => path)).toEqual(['/in']);
	expect(await attempts()).toEqual([{ status: 302, fault: null, excerpt: '' }]);
});

test('of a huge answer only the beginning is read, and one that drips counts by its status', async () => {
	receiver.answer = (response) => {
		response.writeHead(200);
		const more = () => response.write('x'.repeat(100_000), (error) => void (error ? null : setImmediate(more)));
		more();
	};
	await happen();
	await sendAll();
	expect((await attempts())[0]).toEqual({ status: 200, fault: null, excerpt: 'x'.repeat(500) });
	receiver.answer = (response) => void response.writeHead(200).write('and');
	await happen();
	await sendAll();
	expect(await one(`select count(*)::int from private.webhook_deliveries where state = 'delivered'`)).toEqual({
		count: 2
	});
});

test('an endpoint that does not answer in time, breaks off, or is not there is a failure with its reason', async () => {
	const quick: typeof postToEndpoint = (url, body, headers, options) =>
		postToEndpoint(url, body, headers, { ...options, timeoutMs: 300 });
	const fault = async () => {
		await happen();
		await sendAll(quick);
		const { rows } = await db.owner.query<{ fault: string }>('select fault from private.webhook_attempts');
		await db.owner.query('delete from private.webhook_events');
		await later('1 hour');
		return rows.map((row) => row.fault);
	};
	receiver.answer = () => undefined;
	expect(await fault()).toEqual(['timeout']);
	receiver.answer = (response) => response.socket?.destroy();
	expect(await fault()).toEqual(['refused']);
	receiver.answer = (response) => response.socket?.end('No HTTP at all\r\n\r\n');
	expect(await fault()).toEqual(['protocol']);
	await db.owner.query(`update private.webhook_endpoints set url = 'http://127.0.0.1:9/'`);
	expect(await fault()).toEqual(['refused']);
});

test('nothing goes to an address that is not public, whatever the database has or the name leads to', async () => {
	vi.stubEnv('ORIGIN', 'https://summit.example.org');
	try {
		const asked: string[] = [];
		const led: typeof postToEndpoint = (url, body, headers, options) =>
			postToEndpoint(url, body, headers, {
				...options,
				resolve: (hostname) => {
					asked.push(hostname);
					return Promise.resolve([{ address: '127.0.0.1', family: 4 }]);
				}
			});
		const port = new URL(receiver.url).port;
		for (const host of ['127.0.0.1', '[::1]', '2130706433', '169.254.169.254', '[fd00::1]', 'rebinding.example.org']) {
			await db.owner.query(`update private.webhook_endpoints set url = $1`, [`https://${host}:${port}/in`]);
			await happen();
			await sendAll(led);
			await later('1 hour');
		}
		await db.owner.query(`update private.webhook_endpoints set url = $1`, [`${receiver.url}/in`]);
		await sendAll(led);
		expect(receiver.received).toEqual([]);
		expect(new Set(asked)).toEqual(new Set(['rebinding.example.org']));
		expect(new Set((await attempts()).map((each: { fault: string }) => each.fault))).toEqual(new Set(['address']));
	} finally {
		vi.unstubAllEnvs();
	}
});

test('a secret that cannot be opened sends nothing', async () => {
	await db.owner.query(`update private.webhook_endpoints set key_id = 'lost'`);
	await happen();
	await sendAll();
	expect(receiver.received).toEqual([]);
	expect(await attempts()).toEqual([{ status: null, fault: 'secret', excerpt: '' }]);
});

test('what waits about a session that becomes closed is deleted, not sent', async () => {
	const { id } = world.sessions.members;
	await db.owner.query(
		`insert into public.runs (session_id, summit_id, room_id, level, state) select $1, $2, $3, 'members', 'waiting'`,
		[id, world.summit, world.room]
	);
	await db.owner.query(`update public.runs set state = 'ended', ended_at = now() where id = $1`, [world.run]);
	receiver.answer = (response) => response.writeHead(500).end();
	await db.owner.query(`update public.runs set state = 'live', started_at = now() where session_id = $1`, [id]);
	await sendAll();
	expect(receiver.received).toHaveLength(1);
	await db.owner.query(`update public.sessions set level = 'closed', audience = 'listed' where id = $1`, [id]);
	const read = () =>
		callWebhooks<{ total: number; endpoint: { waiting: number } }>(
			db.owner,
			world.people.owner,
			'read_webhook($1, $2)',
			[world.summit, endpoint.id]
		);
	expect(await read()).toMatchObject({ total: 0, deliveries: [], endpoint: { waiting: 0 } });
	await later('1 hour');
	await sendAll();
	expect(receiver.received).toHaveLength(1);
	expect(await delivery()).toBeUndefined();
});

test('a test is sent once and at once, also to a paused endpoint, and never again', async () => {
	await callWebhooks(db.owner, world.people.owner, 'pause_webhook($1, true)', [endpoint.id]);
	const begun = await callWebhooks<{ status: string; delivery: string }>(
		db.owner,
		world.people.owner,
		'begin_webhook_test($1)',
		[endpoint.id]
	);
	await sendAll();
	expect(receiver.received).toEqual([]);
	receiver.answer = (response) => response.writeHead(500).end('no');
	expect(await sendTestEvent(begun.delivery)).toMatchObject({ status: 500, excerpt: 'no' });
	expect(await sendTestEvent(begun.delivery)).toBeNull();
	expect(receiver.received.map(({ event }) => event.type)).toEqual(['webhook.test']);
	expect(await delivery()).toMatchObject({ state: 'failed', attempts: 1 });
	expect(await callWebhooks(db.owner, world.people.owner, 'replay_webhook($1)', [begun.delivery])).toBe('not_found');
});
