/* Retention: classes with a clock of their own, sealed values of the audit, reopening, and people who come back. */
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { readValue } from '../../fixtures/registering.ts';
import { makeRetainedWorld } from '../../fixtures/retained-rows.ts';
import { changed, contents, inDays, sweepAt } from '../../fixtures/retention.ts';
import type { World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;

beforeAll(async () => {
	world = await makeRetainedWorld(db.owner);
	// What is written from now on is a second old when a test begins.
	await db.owner.query(`update private.outbox set sent_at = now(), created_at = now()`);
});
beforeEach(() => db.owner.query('begin'));
afterEach(() => db.owner.query('rollback'));

const setState = (state: string) =>
	db.owner.query(`update public.summits set state = $2::public.summit_state where id = $1`, [world.summit, state]);
const count = (table: string) => readValue<number>(db.owner, `select count(*)::integer from ${table}`);
const nameOf = (id: string) =>
	readValue<string>(db.owner, `select display_name from public.people where id = $1`, [id]);

test.each([
	['mails', 'private.outbox', 180, `sent_at = now(), created_at = now()`],
	['mails', 'private.commitment_links', 180, `made_at = now()`],
	['lookups', 'private.desk_lookups', 90, `at = now()`],
	['concerns', 'private.concerns', 1825, `closed_at = now()`],
	['unfinished', 'private.decision_batches', 7, `made_at = now()`]
])('%s go when their own time has passed, whether or not the Summit is closed', async (code, table, days, fresh) => {
	await db.owner.query(`update ${table} set ${fresh}`);
	const before = await count(table);
	expect(before).toBeGreaterThan(0);
	await sweepAt(db.owner, `${inDays(days)} - interval '1 second'`);
	expect(await count(table)).toBe(before);
	expect(await sweepAt(db.owner, inDays(days))).toMatchObject({ [code]: expect.any(Number) });
	expect(await count(table)).toBe(0);
});

test('a concern that is open, and a mail that waits, stay however old they are', async () => {
	await db.owner.query(`update private.concerns set closed_at = null, closed_by = null`);
	await db.owner.query(`update private.outbox set state = 'queued', sent_at = null`);
	const before = await contents(db.owner, `r.table_name in ('private.concerns', 'private.outbox')`);
	await sweepAt(db.owner, inDays(9000));
	expect(changed(before, await contents(db.owner, `r.table_name in ('private.concerns', 'private.outbox')`))).toEqual(
		[]
	);
});

test('a concern stays as long as the case that it is in, and the key of a case goes with it', async () => {
	const inCases = () =>
		db.owner.query(
			`insert into private.case_concerns (concern_id, case_id) select c.id, x.id from private.concerns as c, private.cases as x`
		);
	await inCases();
	await db.owner.query(`update private.cases set state = 'open', closed_at = null, outcome = null`);
	await sweepAt(db.owner, inDays(9000));
	expect([await count('private.concerns'), await count('private.cases')]).toEqual([1, 1]);
	await db.owner.query(`update private.cases set state = 'closed', closed_at = now(), outcome = 'resolved'`);
	await sweepAt(db.owner, inDays(1825));
	await sweepAt(db.owner, inDays(1825));
	expect([await count('private.concerns'), await count('private.cases'), await count('private.case_concerns')]).toEqual(
		[0, 0, 0]
	);
});

test('the audit keeps its entries and loses their sealed values', async () => {
	await setState('closed');
	const sealedOf = (table: string) => count(`audit.entries where table_name = '${table}' and personal is not null`);
	const entries = await count('audit.entries');
	expect(await sealedOf('public.registration_needs')).toBeGreaterThan(0);
	expect(await sealedOf('public.registrations')).toBeGreaterThan(0);
	await sweepAt(db.owner, inDays(30));
	// With their table, also what the deletion itself sealed.
	expect(await sealedOf('public.registration_needs')).toBe(0);
	expect(await sealedOf('public.registrations')).toBeGreaterThan(0);
	expect(await count('audit.entries')).toBeGreaterThan(entries);
	await sweepAt(db.owner, `${inDays(1094)}`);
	const left = await count('audit.entries');
	await sweepAt(db.owner, `${inDays(1100)}`);
	expect(await count('audit.entries where personal is not null')).toBe(0);
	expect(await count('audit.entries')).toBeGreaterThanOrEqual(left);
});

test('nobody else alters an entry, and the sweep nothing but sealed values', async () => {
	await db.owner.query('savepoint before');
	await expect(db.owner.query(`update audit.entries set personal = null`)).rejects.toThrow('never altered');
	await db.owner.query('rollback to savepoint before');
	await db.owner.query(`select set_config('app.retention', 'sweep', true)`);
	await db.owner.query('savepoint before');
	await expect(db.owner.query(`update audit.entries set personal = null, reason = 'x'`)).rejects.toThrow(
		'never altered'
	);
	await db.owner.query('rollback to savepoint before');
	await expect(db.owner.query(`delete from audit.entries`)).rejects.toThrow('never altered');
});

test('opening a Summit again stops its clocks, and closing it starts them from the beginning', async () => {
	await setState('closed');
	await setState('live');
	const before = await contents(db.owner, `r.class = 'emergency_contacts'`);
	await sweepAt(db.owner, inDays(400));
	expect(changed(before, await contents(db.owner, `r.class = 'emergency_contacts'`))).toEqual([]);
	await setState('closed');
	// Archiving goes on with the same clock.
	await setState('archived');
	await sweepAt(db.owner, `${inDays(7)} - interval '1 second'`);
	expect(await count('private.emergency_contacts')).toBe(1);
	await sweepAt(db.owner, inDays(7));
	expect(await count('private.emergency_contacts')).toBe(0);
});

test('somebody who takes part in nothing any more is erased; who came back, holds a role or is in the agenda keeps a name', async () => {
	const { delegate, virtual, speaker, programme, newcomer } = world.people;
	await setState('closed');
	await db.owner.query(`update auth.users set last_sign_in_at = now() + interval '300 days' where id = $1`, [
		virtual.account
	]);
	// As long as a consent is kept, so is the name; the warning comes after that.
	await sweepAt(db.owner, inDays(731));
	await sweepAt(db.owner, `${inDays(761)} - interval '1 second'`);
	expect(await nameOf(delegate.person)).not.toBe('');
	await sweepAt(db.owner, inDays(761));
	expect([await nameOf(delegate.person), await nameOf(newcomer.person)]).toEqual(['', '']);
	expect(await nameOf(virtual.person)).not.toBe('');
	expect(await nameOf(programme.person)).not.toBe('');
	expect(await nameOf(speaker.person)).not.toBe('');
	// The agenda names the speaker; the account and the addresses are gone.
	expect(await count(`auth.users where id = '${speaker.account}'`)).toBe(0);
	expect(await count(`auth.users where id = '${programme.account}'`)).toBe(1);
	await sweepAt(db.owner, inDays(300 + 701));
	await sweepAt(db.owner, inDays(300 + 731));
	expect(await nameOf(virtual.person)).toBe('');
});

test('a mail warns a month before the account goes; to sign in keeps it, and nobody goes unwarned', async () => {
	const { delegate, virtual } = world.people;
	// Certificates and consents keep a name as long as they are kept.
	await db.owner.query('delete from public.consents');
	await db.owner.query('delete from private.certificates');
	await db.owner.query(
		`insert into private.person_addresses (person_id, address_hash, address_sealed, key_id, verified_at) values ($1, sha256('v'), '\\xab', 'k', now())`,
		[virtual.person]
	);
	await setState('closed');
	const warnings = () =>
		readValue<string[]>(
			db.owner,
			`select array(select left(o.params ->> 'erased_on', 10) from private.outbox as o
				where o.template = 'account_inactive' and o.person_id = $1 order by 1)`,
			[virtual.person]
		);
	const day = (days: number) =>
		readValue<string>(db.owner, `select to_char((${inDays(days)}) at time zone 'UTC', 'YYYY-MM-DD')`);
	await sweepAt(db.owner, `${inDays(700)} - interval '1 minute'`);
	expect(await warnings()).toEqual([]);
	await sweepAt(db.owner, inDays(701));
	await sweepAt(db.owner, inDays(702));
	expect(await warnings()).toEqual([await day(731)]);
	await db.owner.query(`update auth.users set last_sign_in_at = ${inDays(710)} where id = $1`, [virtual.account]);
	// The sweep stood still for a year: nobody is erased without a month of warning.
	await db.owner.query(`delete from private.inactivity_warnings where person_id = $1`, [delegate.person]);
	await sweepAt(db.owner, inDays(1000));
	expect([await nameOf(delegate.person), await nameOf(virtual.person)]).toEqual([delegate.name, virtual.name]);
	await sweepAt(db.owner, `${inDays(1030)} - interval '1 minute'`);
	expect(await nameOf(delegate.person)).toBe(delegate.name);
	await sweepAt(db.owner, inDays(1030));
	expect(await nameOf(delegate.person)).toBe('');
	await sweepAt(db.owner, inDays(710 + 701));
	expect(await warnings()).toEqual([await day(731), await day(710 + 731)]);
	await sweepAt(db.owner, inDays(710 + 732));
	expect(await nameOf(virtual.person)).toBe('');
});

test('a registration that was never confirmed goes as a whole; one to which seats or payments refer is emptied', async () => {
	const paid = await readValue<string>(
		db.owner,
		`insert into public.registrations (summit_id, person_id, mode, state, languages) values ($1, $2, 'virtual', 'draft', '{en}') returning id`,
		[world.summit, world.people.newcomer.person]
	);
	await db.owner.query(
		`insert into public.order_lines (order_id, summit_id, registration_id, mode, amount) select id, summit_id, $1, 'virtual', 1 from public.orders limit 1`,
		[paid]
	);
	await setState('closed');
	const { delegate } = world.registrations;
	await sweepAt(db.owner, inDays(180));
	// It waits in the queue, whose numbers stay.
	expect(await count(`public.registrations where id = '${world.registrations.waiting}'`)).toBe(1);
	expect(
		await count(`public.registration_steps where registration_id = '${world.registrations.waiting}' and reason <> ''`)
	).toBe(0);
	expect(await readValue(db.owner, `select languages from public.registrations where id = $1`, [paid])).toEqual([]);
	expect(await count(`public.registrations where id = '${delegate}'`)).toBe(1);
	// It was emptied once, and is looked at again only after the Summit was open in between.
	await db.owner.query('delete from public.order_lines where registration_id = $1', [paid]);
	await sweepAt(db.owner, inDays(181));
	expect(await count(`public.registrations where id = '${paid}'`)).toBe(1);
	await db.owner.query(`update private.emptied_registrations set emptied_at = now() - interval '1 day'`);
	await sweepAt(db.owner, inDays(181));
	expect(await count(`public.registrations where id = '${paid}'`)).toBe(0);
});

test('what cannot be deleted is reported, and keeps nothing else waiting', async () => {
	await setState('closed');
	await db.owner.query(
		`create function public.fail_for_test() returns trigger language plpgsql as $$ begin raise 'no' using errcode = 'PT409'; end $$`
	);
	await db.owner.query(
		`create trigger fail_for_test before delete on private.emergency_contacts for each row execute function public.fail_for_test()`
	);
	await sweepAt(db.owner, inDays(40));
	expect(await count('private.emergency_contacts')).toBe(1);
	expect(await count('public.registration_needs')).toBe(0);
	expect(
		await readValue(
			db.owner,
			`select array_agg(fault || ' ' || rows) from private.retention_reports where class = 'emergency_contacts'`
		)
	).toEqual(['PT409 0']);
	await db.owner.query('drop trigger fail_for_test on private.emergency_contacts');
	await sweepAt(db.owner, inDays(40));
	expect(
		await readValue(
			db.owner,
			`select array_agg(coalesce(fault, 'done') || ' ' || rows) from private.retention_reports where class = 'emergency_contacts'`
		)
	).toEqual(['done 1']);
});
