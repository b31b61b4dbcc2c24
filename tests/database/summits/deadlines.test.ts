/* Deadlines end with the Summit at the latest: those counted from now on, and those that an owner sets. */
import { randomBytes } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { makeWorld, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;

beforeEach(async () => {
	world = await makeWorld(db.owner);
});

const end = () =>
	readValue<string>(
		db.owner,
		`select ((ends_on + 1)::timestamp at time zone zone)::text from public.summits where id = $1`,
		[world.summit]
	);

test('a held seat, an order and an offer wait no longer than the Summit lasts', async () => {
	const { registration, waiting } = world.people;
	await db.owner.query(
		`insert into public.fees (summit_id, mode, amount, currency) values ($1, 'in_person', 5000, 'EUR')`,
		[world.summit]
	);
	await db.owner.query(
		`insert into private.person_addresses (person_id, address_hash, address_sealed, key_id) values ($1, '\\x01', '\\x01', 'k')`,
		[waiting.person]
	);
	const decided = await callAs<{ status: string }[]>(
		db.owner,
		registration,
		`public.decide_registrations($1, 'accredit', '')`,
		[[world.registrations.waiting]]
	);
	await db.owner.query(`select private.serve_queues($1)`, [world.summit]);
	const { rows } = await db.owner.query<{ at: string }>(
		`select deadline::text as at from public.queue_entries where registration_id = $1 and deadline is not null
		union select held_until::text from public.seats where registration_id = $1 and held_until is not null
		union select o.due_at::text from public.orders as o join public.order_lines as l on l.order_id = o.id where l.registration_id = $1`,
		[world.registrations.waiting]
	);
	expect(decided).toHaveLength(1);
	// The offer is counted in hours; the Summit of this test ends tomorrow, before the days for review and payment.
	const last = Date.parse(await end());
	expect(rows.length).toBeGreaterThan(0);
	for (const { at } of rows) expect(Date.parse(at)).toBeLessThanOrEqual(last);
	const far = (summit: string) =>
		readValue<string>(db.owner, `select private.deadline_after($1, interval '60 days')::text`, [summit]);
	expect(await far(world.summit)).toBe(await end());
	await db.owner.query(
		`update public.summits set starts_on = current_date - 9, ends_on = current_date - 8 where id = $1`,
		[world.summit]
	);
	expect(Date.parse(await far(world.summit))).toBeGreaterThan(Date.now() + 59 * 86_400_000);
});

test('no function counts days or hours of a Summit past its end', async () => {
	const { rows } = await db.owner.query(
		`select p.proname from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace
		where n.nspname in ('public', 'private') and p.prosrc ~ 'now\\(\\) \\+ [^;]*make_interval\\((days|hours) => [^)]*(review_days|payment_days|offer_hours)'`
	);
	expect(rows).toEqual([]);
});

test('an owner cannot set one after the end, and learns which it is', async () => {
	const save = (settings: object) =>
		callAs<{ status: string; faults?: string[] }>(db.owner, world.people.owner, `public.save_summit($1, $2)`, [
			world.summit,
			JSON.stringify(settings)
		]);
	const late = new Date(Date.parse(await end()) + 60_000).toISOString();
	for (const name of [
		'registration_closes_at',
		'nominations_close_at',
		'names_freeze_at',
		'logistics_due_at',
		'refund_until'
	])
		expect(await save({ [name]: late })).toEqual({ status: 'invalid', faults: [name] });
	expect(await save({ logistics_due_at: await end() })).toMatchObject({ status: 'ok' });
});

const tasks = ['profile_due_at', 'texts_due_at', 'availability_due_at', 'check_due_at'] as const;
const saveTasks = (at: object) =>
	callAs(db.owner, world.people.programme, 'public.save_speaker_settings($1, $2)', [
		world.summit,
		JSON.stringify({ first_reminder_days: 14, last_reminder_days: 3, questions_per_person: 3, ...at })
	]);
const saveFiles = (at: string) =>
	callAs(db.owner, world.people.programme, 'public.save_file_settings($1, $2, 50, 20)', [world.summit, at]);
const saveCall = (closes_at: string, version: number) =>
	callAs(db.owner, world.people.programme, 'public.save_call($1, $2, $3)', [
		world.summit,
		JSON.stringify({ opens_at: '2020-01-01', closes_at }),
		version
	]);
const lateLink = (at: string) =>
	callAs(db.owner, world.people.programme, `public.make_late_link($1, $2, 'Ana', $3)`, [
		world.summit,
		randomBytes(32).toString('hex'),
		at
	]);

test('a call, its late links, files and speakers’ tasks end with the Summit at the latest', async () => {
	const last = await end();
	const late = new Date(Date.parse(last) + 1000).toISOString();
	expect(await saveCall(late, 0)).toBe('late');
	expect(await saveCall(last, 0)).toBe('ok');
	expect(await saveCall(late, 1)).toBe('late');
	expect(await lateLink(late)).toBe('late');
	expect(await lateLink(last)).toBe('ok');
	expect(await saveFiles(late)).toBe('late');
	expect(await saveFiles(last)).toBe('ok');
	for (const name of tasks) expect(await saveTasks({ [name]: late })).toBe('late');
	expect(await saveTasks(Object.fromEntries(tasks.map((name) => [name, last])))).toBe('ok');
	const { rows } = await db.owner.query<{ at: string }>(
		`select closes_at as at from private.calls where summit_id = $1 union all select until from private.late_links where summit_id = $1
		union all select due_at from private.file_settings where summit_id = $1
		union all select unnest(array[profile_due_at, texts_due_at, availability_due_at, check_due_at]) from private.speaker_settings where summit_id = $1`,
		[world.summit]
	);
	expect(rows.map(({ at }) => new Date(at).getTime())).toEqual(Array(7).fill(Date.parse(last)));
});

test('the Summit cannot end before its deadlines, and the owner learns which they are', async () => {
	const last = await end();
	const shorten = () =>
		callAs<{ status: string; faults?: string[] }>(
			db.owner,
			world.people.owner,
			"public.save_summit($1, (select jsonb_build_object('ends_on', starts_on) from public.summits where id = $1))",
			[world.summit]
		);
	// Registration of this world closes in a day.
	await db.owner.query('update public.summits set registration_closes_at = now() where id = $1', [world.summit]);
	expect(await saveCall(last, 0)).toBe('ok');
	expect(await saveFiles(last)).toBe('ok');
	expect(await saveTasks({ check_due_at: last })).toBe('ok');
	expect(await shorten()).toEqual({ status: 'invalid', faults: ['call_closes_at', 'files_due_at', 'speakers_due_at'] });
	const now = new Date().toISOString();
	expect(await saveCall(now, 1)).toBe('ok');
	expect(await lateLink(last)).toBe('ok');
	expect(await saveFiles(now)).toBe('ok');
	expect(await saveTasks({})).toBe('ok');
	expect(await shorten()).toEqual({ status: 'invalid', faults: ['call_closes_at'] });
	await db.owner.query('update private.late_links set revoked_at = now() where summit_id = $1', [world.summit]);
	expect(await shorten()).toMatchObject({ status: 'ok' });
});

test('moving the end and setting a deadline at once are serialised', async () => {
	const [owner, programme] = [await db.connect(), await db.connect()];
	const last = await end();
	await db.owner.query('update public.summits set registration_closes_at = now() where id = $1', [world.summit]);
	await owner.query('begin');
	await owner.query('update public.summits set ends_on = starts_on where id = $1', [world.summit]);
	const saved = callAs(programme, world.people.programme, 'public.save_file_settings($1, $2, 50, 20)', [
		world.summit,
		last
	]);
	await expect
		.poll(() => readValue<number>(db.owner, `select count(*)::integer from pg_locks where not granted`))
		.toBeGreaterThan(0);
	await owner.query('commit');
	expect(await saved).toBe('late');
});
