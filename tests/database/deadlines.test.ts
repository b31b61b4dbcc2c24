/* Deadlines end with the Summit at the latest: those that are counted from now on, and those that an owner sets. */
import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { ask, value } from '../fixtures/registering.ts';
import { startDatabase, type TestDatabase } from '../fixtures/stack.ts';
import { makeWorld, type World } from '../fixtures/world.ts';

let db: TestDatabase;
let client: pg.Client;
let world: World;

beforeAll(async () => {
	db = await startDatabase();
	client = await db.connect();
});
afterAll(() => db.stop());
beforeEach(async () => {
	world = await makeWorld(client);
});

const end = () =>
	value<string>(client, `select ((ends_on + 1)::timestamp at time zone zone)::text from public.summits where id = $1`, [
		world.summit
	]);

test('a seat that is held, an order and an offer wait no longer than the Summit', async () => {
	const { registration, waiting } = world.people;
	await client.query(
		`insert into public.fees (summit_id, mode, amount, currency) values ($1, 'in_person', 5000, 'EUR')`,
		[world.summit]
	);
	await client.query(
		`insert into private.person_addresses (person_id, address_hash, address_sealed, key_id) values ($1, '\\x01', '\\x01', 'k')`,
		[waiting.person]
	);
	const decided = await ask<{ status: string }[]>(
		client,
		registration,
		`public.decide_registrations($1, 'accredit', '')`,
		[[world.registrations.waiting]]
	);
	await client.query(`select private.serve_queues($1)`, [world.summit]);
	const { rows } = await client.query<{ at: string }>(
		`select deadline::text as at from public.queue_entries where registration_id = $1 and deadline is not null
		union select held_until::text from public.seats where registration_id = $1 and held_until is not null
		union select o.due_at::text from public.orders as o join public.order_lines as l on l.order_id = o.id where l.registration_id = $1`,
		[world.registrations.waiting]
	);
	expect(decided).toHaveLength(1);
	// The offer is counted in hours; the Summit of this test ends tomorrow, and the days to review and to pay are more.
	const last = Date.parse(await end());
	expect(rows.length).toBeGreaterThan(0);
	for (const { at } of rows) expect(Date.parse(at)).toBeLessThanOrEqual(last);
	const far = (summit: string) =>
		value<string>(client, `select private.deadline_in($1, interval '60 days')::text`, [summit]);
	expect(await far(world.summit)).toBe(await end());
	await client.query(
		`update public.summits set starts_on = current_date - 9, ends_on = current_date - 8 where id = $1`,
		[world.summit]
	);
	expect(Date.parse(await far(world.summit))).toBeGreaterThan(Date.now() + 59 * 86_400_000);
});

test('no function counts days or hours of a Summit past it', async () => {
	const { rows } = await client.query(
		`select p.proname from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace
		where n.nspname in ('public', 'private') and p.prosrc ~ 'now\\(\\) \\+ [^;]*make_interval\\((days|hours) => [^)]*(review_days|payment_days|offer_hours)'`
	);
	expect(rows).toEqual([]);
});

test('an owner sets none after the end, and learns which it is', async () => {
	const save = (settings: object) =>
		ask<{ status: string; faults?: string[] }>(client, world.people.owner, `public.save_summit($1, $2)`, [
			world.summit,
			JSON.stringify(settings)
		]);
	const late = new Date(Date.parse(await end()) + 60_000).toISOString();
	for (const name of [
		'registration_closes_at',
		'nominations_close_at',
		'names_freeze_at',
		'details_due_at',
		'refund_until'
	])
		expect(await save({ [name]: late })).toEqual({ status: 'invalid', faults: [name] });
	expect(await save({ details_due_at: await end() })).toMatchObject({ status: 'ok' });
});
