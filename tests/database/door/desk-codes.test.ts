/*
 * The five-minute code of the help desk: who gets it, that it works once and for one account only, and what stops it.
 */
import { createHash, randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { callAs, inTurn } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { personKinds, makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;

beforeEach(async () => {
	world = await makeWorld(db.owner);
	for (const kind of personKinds)
		await db.owner.query(
			`insert into private.person_addresses (person_id, address_hash, address_sealed, key_id, is_primary) values ($1, $2, $2, 'k', not exists (select from private.person_addresses where person_id = $1))`,
			[world.people[kind].person, createHash('sha256').update(world.people[kind].person).digest()]
		);
});

const hashOf = (code: string) => createHash('sha256').update(code).digest();
const halfOf = (code: string) => hashOf(code.slice(0, code.length / 2));
const issue = (
	code: string,
	who: TestPerson = world.people.registration,
	registration = world.registrations.delegate,
	checked = 'passport'
) =>
	callAs<{ status: string; expires_at?: string }>(db.owner, who, 'public.issue_desk_code($1, $2, $3, $4)', [
		registration,
		hashOf(code).toString('hex'),
		halfOf(code).toString('hex'),
		checked
	]);
/** As the app does for a person who types the code. */
const use = async (code: string, browser = 'one') =>
	(
		await db.owner.query<{ status: string; address_sealed: Buffer | null }>(
			'select * from private.use_desk_code($1, $2, $3)',
			[hashOf(code), halfOf(code), hashOf(browser)]
		)
	).rows[0];
const fresh = () => randomBytes(6).toString('hex');

describe('a code of the help desk', () => {
	it('signs in to that person’s account once, and the audit says who checked what', async () => {
		const code = fresh();
		expect(await issue(code)).toEqual({ status: 'ok', expires_at: expect.any(String) });
		const used = await use(code);
		expect(used?.status).toBe('ok');
		const { rows } = await db.owner.query<{ person_id: string }>(
			`select person_id from private.person_addresses where address_sealed = $1`,
			[used?.address_sealed]
		);
		expect(rows).toEqual([{ person_id: world.people.delegate.person }]);
		expect(await use(code)).toMatchObject({ status: 'wrong', address_sealed: null });
		// The account's holder is notified of each sign-in, once.
		const mails = await db.owner.query(
			`select 1 from private.outbox where template = 'desk_signed_in' and person_id = $1`,
			[world.people.delegate.person]
		);
		expect(mails.rows.length).toBe(1);
		const audit = await db.owner.query(
			`select actor_person, reason, new_values from audit.entries where table_name = 'private.desk_codes' and action = 'insert' and registration_id = $1`,
			[world.registrations.delegate]
		);
		expect(audit.rows).toMatchObject([
			{ actor_person: world.people.registration.person, reason: 'identity checked: passport' }
		]);
		expect(JSON.stringify(audit.rows)).not.toContain(hashOf(code).toString('hex'));
	});

	it('is given by registration organisers only, never to oneself or an organiser, or without a check', async () => {
		for (const kind of personKinds.filter((kind) => !['registration', 'owner', 'safeguarding'].includes(kind)))
			expect([kind, (await issue(fresh(), world.people[kind])).status]).toEqual([kind, 'not_allowed']);
		expect((await issue(fresh(), world.people.registration, world.registrations.delegate, 'nothing')).status).toBe(
			'checked_needed'
		);
		await db.owner.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, 'programme', $2)`, [
			world.people.virtual.person,
			world.summit
		]);
		expect((await issue(fresh(), world.people.registration, world.registrations.virtual)).status).toBe('organiser');
		const other = await makeWorld(db.owner);
		expect((await issue(fresh(), other.people.registration)).status).toBe('not_allowed');
	});

	it('takes a safeguarding lead when the person is protected', async () => {
		await db.owner.query(`insert into private.protections (person_id, kind) values ($1, 'talk_first')`, [
			world.people.delegate.person
		]);
		expect((await issue(fresh())).status).toBe('safeguarding');
		expect((await issue(fresh(), world.people.owner)).status).toBe('safeguarding');
		expect((await issue(fresh(), world.people.safeguarding)).status).toBe('ok');
	});

	it('takes a safeguarding lead when the account acts for a protected person', async () => {
		await db.owner.query(`insert into private.protections (person_id, kind) values ($1, 'talk_first')`, [
			world.people.virtual.person
		]);
		const acts = (until: string) =>
			db.owner.query(
				`insert into public.account_people (account_id, person_id, relation, until)
				select a.account_id, $2, 'assistant', now() + $3::interval from public.account_people as a where a.person_id = $1 and a.relation = 'self'
				on conflict (account_id, person_id) do update set until = excluded.until`,
				[world.people.delegate.person, world.people.virtual.person, until]
			);
		await acts('1 hour');
		expect((await issue(fresh())).status).toBe('safeguarding');
		expect((await issue(fresh(), world.people.safeguarding)).status).toBe('ok');
		await acts('-1 hour');
		expect((await issue(fresh())).status).toBe('ok');
	});

	it('ends after five minutes, with a newer code, or when its person is granted a role', async () => {
		const [first, second, third] = [fresh(), fresh(), fresh()];
		await issue(first);
		await issue(second);
		expect((await use(first))?.status).toBe('wrong');
		await db.owner.query(`update private.desk_codes set expires_at = now() where ended_at is null`);
		expect((await use(second))?.status).toBe('wrong');
		await issue(third);
		await db.owner.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, 'finance', $2)`, [
			world.people.delegate.person,
			world.summit
		]);
		expect((await use(third))?.status).toBe('wrong');
	});

	it('ends after five wrong second halves, from any device; four wrong ones are still typing errors', async () => {
		const [first, second] = [fresh(), fresh()];
		const wrong = (code: string) => code.slice(0, 6) + fresh().slice(6);
		await issue(first);
		await inTurn([1, 2, 3, 4], () => use(wrong(first)));
		expect((await use(first))?.status).toBe('ok');
		await issue(second);
		await inTurn([1, 2, 3, 4, 5], (each) => use(wrong(second), `browser ${each}`));
		expect((await use(second))?.status).toBe('wrong');
		// Other people are not affected.
		const third = fresh();
		await issue(third, world.people.registration, world.registrations.virtual);
		expect((await use(third))?.status).toBe('ok');
	});

	it('cannot be blocked by others: after any number of wrong codes from a venue’s address a right code works', async () => {
		await db.owner.query(
			`insert into private.desk_code_failures (client_hash) select $1 from generate_series(1, 999)`,
			[hashOf(world.slug)]
		);
		const [code, other] = [fresh(), fresh()];
		await issue(code);
		await issue(other, world.people.registration, world.registrations.virtual);
		expect((await use(fresh(), world.slug))?.status).toBe('wrong');
		expect((await use(fresh(), world.slug))?.status).toBe('limited');
		expect((await use(code, world.slug))?.status).toBe('ok');
		// Wrong codes beyond the limit are not stored, but still count against the code they were typed for.
		await inTurn([1, 2, 3, 4, 5], () => use(other.slice(0, 6) + fresh().slice(6), world.slug));
		expect((await use(other, 'elsewhere'))?.status).toBe('wrong');
		const { rows } = await db.owner.query(`select 1 from private.desk_code_failures where client_hash = $1`, [
			hashOf(world.slug)
		]);
		expect(rows).toHaveLength(1000);
	});

	it('is given five times an hour at most', async () => {
		const more = await inTurn(Array.from({ length: 6 }, fresh), (one) => issue(one));
		expect(more.map(({ status }) => status)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 'limited']);
	});

	it('appears in the audit neither whole nor in part', async () => {
		const code = fresh();
		await issue(code);
		await use(code.slice(0, 6) + fresh().slice(6));
		const { rows } = await db.owner.query(`select * from audit.entries where table_name = 'private.desk_codes'`);
		expect(rows.length).toBeGreaterThan(1);
		for (const hash of [hashOf(code), halfOf(code)]) expect(JSON.stringify(rows)).not.toContain(hash.toString('hex'));
	});
});
