/* Retention: each class of data goes when its clock has run, and nothing else. */
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { classCodes, className, classReason } from '../../../src/lib/privacy/retention.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { readValue } from '../../fixtures/registering.ts';
import { makeRetainedWorld } from '../../fixtures/retained-rows.ts';
import { changed, contents, inDays, sweepAt } from '../../fixtures/retention.ts';
import type { World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;

beforeAll(async () => {
	world = await makeRetainedWorld(db.owner);
});
// In a transaction now() stands still, so that a second before can be told from the moment itself.
beforeEach(() => db.owner.query('begin'));
afterEach(() => db.owner.query('rollback'));

const close = (state = 'closed') =>
	db.owner.query(`update public.summits set state = $2::public.summit_state where id = $1`, [world.summit, state]);
const count = (table: string) => readValue<number>(db.owner, `select count(*)::integer from ${table}`);
const closedClasses = async () =>
	(
		await db.owner.query<{ codes: string[]; days: number }>(
			`select array_agg(code) as codes, default_days as days from private.retention_classes
			where clock = 'closed' group by default_days order by default_days`
		)
	).rows;
/** Those of a registration that was never confirmed go with it; the others by a day that the form itself names. */
const earlier = [
	'private.declines_without_reason',
	'private.logistics_answers',
	'private.speaker_needs',
	'public.member_requests',
	'public.nomination_refusals',
	'public.registration_steps'
];
const ruled = `num_nonnulls(r.summit, r.since) > 0`;

test('every table is in exactly one class, or in none for a reason that is stated', async () => {
	const { rows } = await db.owner.query<{ name: string; listed: string | null }>(
		`select c.relnamespace::regnamespace || '.' || c.relname as name, r.table_name as listed
		from pg_class as c
		full join private.retention_rules as r on r.table_name = c.relnamespace::regnamespace || '.' || c.relname
		where c.oid is null or c.relkind = 'r' and c.relnamespace::regnamespace::text in ('public', 'private', 'audit')`
	);
	expect(rows.filter(({ name, listed }) => name !== listed)).toEqual([]);
	// What the rules themselves do not reach goes with a row that they reach, or with its person.
	const { rows: alone } = await db.owner.query<{ name: string }>(
		`with recursive reached as (
			select r.table_name::regclass as id from private.retention_rules as r where num_nonnulls(r.summit, r.since) > 0
			union
			select c.conrelid from reached join pg_constraint as c on c.confrelid = reached.id
			where c.contype = 'f' and c.confdeltype = 'c'
		)
		select r.table_name as name from private.retention_rules as r
		where r.class not in ('sign_in', 'unfinished') and num_nonnulls(r.summit, r.since) = 0
			and r.table_name::regclass not in (select id from reached) order by 1`
	);
	expect(alone.map(({ name }) => name)).toEqual([
		// Of the account, which Auth deletes.
		'private.auth_session_devices',
		// Emptied with the erasure of the person.
		'private.person_keys'
	]);
});

test('every class has a name and a reason in words', async () => {
	const { rows } = await db.owner.query<{ code: string }>(
		'select code from private.retention_classes order by position'
	);
	expect(rows.map(({ code }) => code)).toEqual(classCodes);
	for (const code of classCodes) expect([className(code), classReason(code)]).not.toContain('');
});

test('the world has a row for every rule', async () => {
	const { rows } = await db.owner.query<{ name: string }>(
		`select table_name as name from private.retention_rules as r where ${ruled}`
	);
	const empty: string[] = [];
	for (const { name } of rows) if ((await count(name)) === 0) empty.push(name);
	expect(empty).toEqual([]);
});

test('while a Summit is open, nothing goes that its closing starts', async () => {
	const before = await contents(
		db.owner,
		`r.class in (select c.code from private.retention_classes as c where c.clock = 'closed')`
	);
	await sweepAt(db.owner, inDays(900));
	expect(changed(before, await contents(db.owner))).toEqual(['private.logistics_answers', 'private.speaker_needs']);
});

test('messages of the booth of a meeting go as others of its room, should it not be closed', async () => {
	await db.owner.query(
		`insert into private.booth_messages (room_id, language, person_id, words, said_at)
		select r.id, 'fr', $1, 'Canary', now() from private.meeting_rooms as r limit 1`,
		[world.people.delegate.person]
	);
	const left = async () => [
		await count('private.meeting_messages'),
		await count('private.booth_messages where room_id is not null'),
		await count('private.booth_messages where booth_id is not null')
	];
	expect(await left()).toEqual([1, 1, 1]);
	await db.owner.query('update private.meeting_messages set sent_at = now()');
	await sweepAt(db.owner, `${inDays(7)} - interval '1 second'`);
	expect(await left()).toEqual([1, 1, 1]);
	await sweepAt(db.owner, inDays(7));
	expect(await left()).toEqual([0, 0, 1]);
});

test('each class goes at its day after the closing, and not a second before', { timeout: 120_000 }, async () => {
	await close();
	for (const { codes, days } of await closedClasses()) {
		const own = `r.class = any ('{${codes.join()}}') and ${ruled}`;
		const before = await contents(db.owner, own);
		await sweepAt(db.owner, `${inDays(days)} - interval '1 second'`);
		const early = changed(before, await contents(db.owner, own)).filter((name) => !earlier.includes(name));
		expect([days, early]).toEqual([days, []]);
		const swept = await sweepAt(db.owner, inDays(days));
		expect(Object.keys(swept)).toEqual(expect.arrayContaining(codes));
		for (const code of codes)
			expect([
				code,
				await readValue(db.owner, `select due::integer from private.count_due($1, $2, ${inDays(days)}, $3)`, [
					code,
					world.summit,
					days
				])
			]).toEqual([code, 0]);
	}
});

test(
	'two years after the closing the right tables are empty, and everything else is as it was',
	{ timeout: 120_000 },
	async () => {
		await close();
		const before = await contents(db.owner);
		const confirmed = await count(`public.registrations where state = 'confirmed'`);
		await sweepAt(db.owner, inDays(730));
		// Those who were warned now are erased a month later.
		await db.owner.query(
			`update private.outbox set state = 'sent', sent_at = now() where template = 'account_inactive'`
		);
		await sweepAt(db.owner, inDays(760));
		const after = await contents(db.owner);
		const { rows } = await db.owner.query<{ name: string; stays: boolean; goes: boolean }>(
			`select r.table_name as name, r.class is null or r.class in ('files', 'concerns', 'sign_in') as stays,
			r.class not in ('registrations', 'contact', 'audit_values', 'accreditation') as goes
		from private.retention_rules as r`
		);
		const stays = new Set(rows.filter((row) => row.stays).map(({ name }) => name));
		expect(changed(before, after).filter((name) => stays.has(name))).toEqual([
			// The sweep notes which classes it began to delete, so that the closing is final.
			'private.begun_deletions',
			// The file of the recording waits for the sweep of the store.
			'private.stored_objects',
			// Those who took part in nothing else are erased.
			'public.badges',
			'public.delegation_places',
			'public.session_audiences'
		]);
		for (const { name } of rows.filter((row) => row.goes && !row.stays))
			expect([name, after[name]]).toEqual([name, '0 ']);
		expect(await count(`public.registrations where state = 'confirmed'`)).toBe(confirmed);
		expect(await readValue(db.owner, `select state from private.stored_objects where name = repeat('9', 32)`)).toBe(
			'deletable'
		);
	}
);
