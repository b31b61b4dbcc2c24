/* What owners do with endpoints, and that nobody else does: other roles, other Summits, other endpoints. */
import { randomUUID } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import { newSecret, sealSecret } from '../../../src/lib/webhooks/server/signing.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { addEndpoint, callWebhooks, sendAll, useReceiver } from '../../fixtures/webhooks.ts';
import { makeWorld, personKinds, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
const receiver = useReceiver(db);
let world: World;
let other: World;
let endpoint: string;

beforeEach(async () => {
	await db.owner.query('delete from private.webhook_endpoints; delete from private.webhook_events');
	world = await makeWorld(db.owner);
	other = await makeWorld(db.owner);
	endpoint = (await addEndpoint(db.owner, world, `${receiver.url}/in`, ['figures.released', 'payment.received'])).id;
});

const call = <Answer>(who: TestPerson | null, name: string, values: unknown[] = []) =>
	callWebhooks<Answer>(db.owner, who, name, values);
const owner = () => world.people.owner;
let number = 0;
const happen = () =>
	db.owner.query(`insert into public.figure_releases (summit_id, number, content) values ($1, $2, '{}')`, [
		world.summit,
		(number += 1)
	]);
const rows = async (sql: string, values: unknown[] = []) =>
	(await db.owner.query<Record<string, unknown>>(sql, values)).rows;

interface Log {
	endpoint: Record<string, unknown>;
	total: number;
	deliveries: {
		id: string;
		state: string;
		attempts: number;
		next_at: string | null;
		last: Record<string, unknown> | null;
	}[];
}
const read = (who = owner(), summit = world.summit) =>
	call<Log | null>(who, 'read_webhook($1, $2)', [summit, endpoint]);

test('only owners of the Summit read and write its endpoints; to all others there is none', async () => {
	await happen();
	receiver.answer = (response) => response.writeHead(500).end();
	await sendAll();
	const [delivery] = (await read())?.deliveries ?? [];
	const { secret_sealed, key_id } = sealSecret(newSecret(), endpoint);
	const strangers = [
		...personKinds.filter((kind) => kind !== 'owner').map((kind) => world.people[kind]),
		other.people.owner
	];
	const before = await rows('select * from private.webhook_endpoints, private.webhook_deliveries');
	for (const who of strangers) {
		expect(await call(who, 'list_webhooks($1)', [world.summit])).toBeNull();
		expect(await read(who)).toBeNull();
		expect(await read(who, other.summit)).toBeNull();
		const added = [
			world.summit,
			randomUUID(),
			'https://hooks.example.org/',
			'',
			['page.published'],
			secret_sealed,
			key_id
		];
		expect(await call(who, 'add_webhook($1, $2, $3, $4, $5, $6, $7)', added)).toBe('not_allowed');
		const edited = [endpoint, 'https://hooks.example.org/', '', ['page.published']];
		expect(await call(who, 'edit_webhook($1, $2, $3, $4)', edited)).toBe('not_found');
		expect(await call(who, 'pause_webhook($1, true)', [endpoint])).toBe('not_found');
		expect(await call(who, 'rotate_webhook_secret($1, $2, $3)', [endpoint, secret_sealed, key_id])).toBe('not_found');
		expect(await call(who, 'remove_webhook($1)', [endpoint])).toBe('not_found');
		expect(await call(who, 'replay_webhook($1)', [delivery?.id])).toBe('not_found');
		expect(await call(who, `replay_failed_webhooks($1, '-infinity')`, [endpoint])).toBe(0);
		expect(await call(who, 'begin_webhook_test($1)', [endpoint])).toEqual({ status: 'not_found' });
	}
	expect(await rows('select * from private.webhook_endpoints, private.webhook_deliveries')).toEqual(before);
	// An owner of two Summits reads an endpoint under its own alone.
	await db.owner.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, 'owner', $2)`, [
		owner().person,
		other.summit
	]);
	expect(await read(owner(), other.summit)).toBeNull();
	expect(await read()).not.toBeNull();
});

test('no answer has a secret, sealed or not', async () => {
	const answers = JSON.stringify([await call(owner(), 'list_webhooks($1)', [world.summit]), await read()]);
	expect(answers).not.toMatch(/secret|sealed|whsec/);
	const [sealed] = await rows(`select encode(secret_sealed, 'hex') as hex from private.webhook_endpoints`);
	expect(answers).not.toContain(sealed?.['hex']);
});

test('a form that is sent twice adds one endpoint, and a wrong one none', async () => {
	const add = (values: unknown[], who = owner()) =>
		call<string>(who, 'add_webhook($1, $2, $3, $4, $5, $6, $7)', values);
	const id = randomUUID();
	const { secret_sealed, key_id } = sealSecret(newSecret(), id);
	const form = [
		world.summit,
		id,
		'https://hooks.example.org/in',
		' For  badges ',
		['page.published'],
		secret_sealed,
		key_id
	];
	expect(await add(form)).toBe('ok');
	expect(await add(form)).toBe('already');
	const [, added] = await call<Record<string, unknown>[]>(owner(), 'list_webhooks($1)', [world.summit]);
	expect(added).toMatchObject({ id, description: 'For badges', kinds: ['page.published'], pause_reason: null });
	const wrong = (at: number, value: unknown) => (form as unknown[]).with(1, randomUUID()).with(at, value);
	for (const url of [
		'http://hooks.example.org/',
		'https://user@hooks.example.org/',
		'javascript:alert(1)',
		'https://',
		'https://a b/',
		null
	])
		expect(await add(wrong(2, url))).toBe('invalid');
	expect(await add(wrong(4, []))).toBe('invalid');
	expect(await add(wrong(4, ['webhook.test']))).toBe('invalid');
	expect(await add(wrong(4, null))).toBe('invalid');
	expect(await add(wrong(5, 'whsec_AAAA'))).toBe('invalid');
	for (let count = 2; count < 20; count += 1) expect(await add(wrong(3, ''))).toBe('ok');
	expect(await add(wrong(3, ''))).toBe('too_many');
});

test('a paused endpoint gets nothing, and what waited when it is sent to again', async () => {
	receiver.answer = (response) => response.writeHead(500).end();
	await happen();
	await sendAll();
	expect(await call(owner(), 'pause_webhook($1, true)', [endpoint])).toBe('ok');
	expect(await call(owner(), 'pause_webhook($1, true)', [endpoint])).toBe('already');
	await happen();
	await db.owner.query(`update private.webhook_deliveries set due_at = now() - interval '1 second'`);
	receiver.received.length = 0;
	await sendAll();
	expect(receiver.received).toEqual([]);
	receiver.answer = (response) => response.writeHead(200).end();
	expect(await call(owner(), 'pause_webhook($1, false)', [endpoint])).toBe('ok');
	await sendAll();
	expect(receiver.received.map(({ event }) => event.data['release'])).toEqual([number - 1]);
});

test('one is sent again under its own id, or all that failed since a time', async () => {
	for (let count = 0; count < 3; count += 1) await happen();
	await sendAll();
	await db.owner.query(`update private.webhook_deliveries set state = 'failed', tries = 10, attempts = 10`);
	await db.owner.query(
		`update private.webhook_events set occurred_at = now() - interval '2 days' where place = (select min(place) from private.webhook_events)`
	);
	const sent = receiver.received.map(({ headers }) => headers['webhook-id']);
	receiver.received.length = 0;
	const since = (await rows(`select now() - interval '1 day' as at`))[0]?.['at'];
	expect(await call(owner(), 'replay_failed_webhooks($1, $2)', [endpoint, since])).toBe(2);
	await sendAll();
	expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual(sent.slice(1));
	const log = await read();
	expect(log?.deliveries.map(({ state, attempts }) => [state, attempts])).toEqual([
		['delivered', 11],
		['delivered', 11],
		['failed', 10]
	]);
	const first = log?.deliveries[2]?.id;
	expect(await call(owner(), 'replay_webhook($1)', [first])).toBe('ok');
	expect(await call(owner(), 'replay_webhook($1)', [first])).toBe('already');
	await sendAll();
	expect(await call(owner(), 'replay_webhook($1)', [first])).toBe('ok');
	await sendAll();
	expect(receiver.received.slice(2).map(({ headers }) => headers['webhook-id'])).toEqual([sent[0], sent[0]]);
	expect(await rows(`select count(*)::int from audit.entries where table_name = 'webhooks.replayed'`)).toEqual([
		{ count: 3 }
	]);
});

test('ten tests in a minute are enough', async () => {
	const begin = async () => (await call<{ status: string }>(owner(), 'begin_webhook_test($1)', [endpoint])).status;
	for (let count = 0; count < 10; count += 1) expect(await begin()).toBe('ok');
	expect(await begin()).toBe('limited');
	// A process that died with one ends it.
	await db.owner.query(`update private.webhook_events set occurred_at = now() - interval '3 minutes'`);
	await db.app.query('select private.end_lost_webhook_tests()');
	expect(await rows(`select distinct state from private.webhook_deliveries`)).toEqual([{ state: 'failed' }]);
});

test('a closed Summit still sends what may still happen, and its endpoints can be ended', async () => {
	await db.owner.query(`update public.summits set state = 'closed' where id = $1`, [world.summit]);
	await happen();
	await sendAll();
	expect(receiver.received).toHaveLength(1);
	expect(await call(owner(), 'pause_webhook($1, true)', [endpoint])).toBe('ok');
	expect(await call(owner(), 'remove_webhook($1)', [endpoint])).toBe('ok');
	expect(await rows('select from private.webhook_events')).toEqual([]);
	expect(await rows('select from private.webhook_senders')).toEqual([]);
});

test('removing an endpoint leaves what another one gets', async () => {
	await addEndpoint(db.owner, world, `${receiver.url}/second`, ['figures.released']);
	await happen();
	expect(await call(owner(), 'remove_webhook($1)', [endpoint])).toBe('ok');
	await sendAll();
	expect(receiver.received.map(({ path }) => path)).toEqual(['/second']);
});

test('the audit says what changed, and neither address nor secret', async () => {
	await call(owner(), 'edit_webhook($1, $2, $3, $4)', [
		endpoint,
		'https://hooks.example.org/token',
		'Badges',
		['page.published']
	]);
	const entries = await rows(
		`select action, changed, old_values, new_values from audit.entries where table_name = 'private.webhook_endpoints' and summit_id = $1 order by id`,
		[world.summit]
	);
	expect(entries.map(({ action }) => action)).toEqual(['insert', 'update']);
	expect(entries[1]?.['changed']).toEqual(['url', 'kinds', 'description']);
	expect(JSON.stringify(entries)).not.toMatch(/token|127\.0\.0\.1|secret_sealed":/);
});

test('the log goes after thirty days', async () => {
	await happen();
	await sendAll();
	await happen();
	const first = `(select min(place) from private.webhook_events)`;
	await db.owner.query(
		`update private.webhook_events set occurred_at = now() - interval '31 days' where place = ${first}`
	);
	await db.owner.query(`select set_config('app.retention', '', false)`);
	for (let from: number | null = 0; from !== null;)
		from = ((await rows('select private.sweep_retention($1) as next', [from]))[0]?.['next'] as number | null) ?? null;
	expect(await rows('select state from private.webhook_deliveries')).toEqual([{ state: 'waiting' }]);
	expect(await rows('select count(*)::int from private.webhook_events')).toEqual([{ count: 1 }]);
	expect(await rows('select from private.webhook_attempts')).toEqual([]);
});

test('a Summit that is deleted takes its endpoints with it', async () => {
	const empty = (
		await rows(
			`insert into public.summits (slug, name, zone, starts_on, ends_on) select 'e-' || left(gen_random_uuid()::text, 8), name, zone, starts_on, ends_on from public.summits limit 1 returning id`
		)
	)[0]?.['id'];
	await db.owner.query('update private.webhook_endpoints set summit_id = $1', [empty]);
	await db.owner.query(`insert into public.figure_releases (summit_id, number, content) values ($1, 1, '{}')`, [empty]);
	await db.owner.query('delete from public.summits where id = $1', [empty]);
	for (const table of ['endpoints', 'senders', 'events', 'deliveries'])
		expect(await rows(`select from private.webhook_${table}`)).toEqual([]);
});
