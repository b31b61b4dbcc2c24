/* Protection from the first step of the form on. */
import { describe, expect, test } from 'vitest';
import { callAs, makePeople, register, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { actAs, makePerson, type TestPerson } from '../../fixtures/world.ts';
import { registrationDrafts } from '../../fixtures/drafting-registrations.ts';

const db = useDatabase();
const grant = (who: TestPerson, role: string, summit: string | null) =>
	db.owner.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, $2, $3)`, [
		who.person,
		role,
		summit
	]);
// By account, because a person with an alias has another id.
const personOf = (who: TestPerson) =>
	readValue<string>(
		db.owner,
		`select person_id from public.account_people where account_id = $1 and relation = 'self'`,
		[who.account]
	);
const shown = async (who: TestPerson) =>
	(
		await db.owner.query(`select display_name, office, affiliation, country from public.people where id = $1`, [
			await personOf(who)
		])
	).rows[0];

const { draft } = registrationDrafts(db);

describe('protection', () => {
	const sealed = 'ab'.repeat(40);
	const alias = { display_name: 'Noor Haddad', office: 'Adviser', affiliation: 'Independent' };
	const on = { protection: 'alias', alias, real_name_sealed: sealed, key_id: 'k1' };

	test('an alias replaces the whole record and the code, from the first step on', async () => {
		const { who, save, mine, members } = await draft();
		const code = async () =>
			readValue<string>(db.owner, `select code from public.people where id = $1`, [await personOf(who)]);
		await save(1, { display_name: 'CANARY-Real-Name', office: 'CANARY-Office', country: 'GH' });
		await db.owner.query(
			`update public.people set biography = '{"original":"en","en":"CANARY-Life"}', portrait_path = 'CANARY.jpg' where id = $1`,
			[who.person]
		);
		const before = await code();
		expect((await save(4, on)).status).toBe('ok');
		await save(2, { member_id: members[0] });
		await save(1, { display_name: 'CANARY-Again', office: 'CANARY', country: 'GH' });
		expect(await shown(who)).toEqual({ ...alias, country: null });
		expect(await code()).not.toBe(before);
		expect(await mine()).toMatchObject({
			display_name: 'Noor Haddad',
			protection: { kind: 'alias', has_sealed_name: true }
		});
		const { rows } = await db.owner.query<{ found: string }>(
			`select 'people' as found from public.people as p where to_jsonb(p)::text like '%CANARY%'
			union all select 'audit ' || table_name from audit.entries as e where to_jsonb(e)::text like '%CANARY%'
			union all select 'outbox' from private.outbox as o where to_jsonb(o)::text like '%CANARY%'`
		);
		expect(rows).toEqual([]);
		// Removed again, with the name that will be public.
		expect(await save(4, { protection: 'none' })).toMatchObject({ status: 'invalid', faults: ['display_name'] });
		expect((await save(4, { protection: 'none', display_name: 'Ama Mensah', country: 'GH' })).status).toBe('ok');
		expect(await shown(who)).toMatchObject({ display_name: 'Ama Mensah', country: 'GH' });
		expect(
			await readValue(db.owner, `select count(*)::integer from private.protections where person_id = $1`, [
				await personOf(who)
			])
		).toBe(0);
	});

	test('a focal point sees a seat without a name for an alias; accreditation and safeguarding see that there is one', async () => {
		const { summit, members, who, id, save, submit, organiser, finance } = await draft();
		await save(4, on);
		await save(2, { member_id: members[0] });
		await save(3, { mode: 'in_person' });
		await save(5, { code_of_conduct: true });
		await submit();
		const [open, focal, safeguarding] = await makePeople(db.owner, 3);
		if (!open || !focal || !safeguarding) throw new Error('nobody');
		const plain = await register(db.owner, open, summit, members[0] ?? '');
		await db.owner.query(`insert into public.focal_points (summit_id, member_id, person_id) values ($1, $2, $3)`, [
			summit,
			members[0],
			focal.person
		]);
		await grant(safeguarding, 'safeguarding', summit);
		const [delegation] = await callAs<
			{ seats: { mode: string; held: number }[]; people: { registration_id: string }[] }[]
		>(db.owner, focal, `public.read_delegation($1)`, [summit]);
		expect(delegation?.seats.find(({ mode }) => mode === 'in_person')?.held).toBe(2);
		expect(delegation?.people.map(({ registration_id }) => registration_id)).toEqual([plain.id]);
		const seen = async (sql: string) => (await actAs<{ id: string }>(db.owner, focal, sql)).map((row) => row.id);
		// Of the others, too, only the fields of the delegation.
		expect(await seen(`select id from public.registrations`)).toEqual([]);
		expect(await seen(`select registration_id as id from public.seats`)).toEqual([]);
		expect(await callAs(db.owner, focal, `public.withdraw_registration($1, '')`, [id])).toEqual({
			status: 'not_found'
		});
		expect(await callAs(db.owner, focal, `public.nominate_registrations($1)`, [[id, plain.id]])).toEqual(
			[id, plain.id].toSorted().map((each) => ({ id: each, status: each === id ? 'not_allowed' : 'nominated' }))
		);
		expect(await callAs(db.owner, organiser, `public.read_registration($1)`, [id])).toMatchObject({
			display_name: 'Noor Haddad',
			has_alias: true
		});
		expect(await callAs(db.owner, organiser, `public.correct_name($1, '{"display_name":"X"}', 'typo')`, [id])).toBe(
			'protected'
		);
		expect(await callAs(db.owner, safeguarding, `public.list_protected_people($1)`, [summit])).toMatchObject([
			{ registration_id: id, kind: 'alias' }
		]);
		for (const other of [who, organiser, finance, focal])
			expect(await callAs(db.owner, other, `public.list_protected_people($1)`, [summit])).toBeNull();
	});

	test('"I would like to talk first" continues with the given name, and notifies safeguarding', async () => {
		const { summit, who, save, mine } = await draft();
		const safeguarding = await makePerson(db.owner, 'Lead');
		await grant(safeguarding, 'safeguarding', summit);
		await save(1, { display_name: 'Ama Mensah' });
		expect((await save(4, { protection: 'talk_first' })).status).toBe('ok');
		expect(await mine()).toMatchObject({
			display_name: 'Ama Mensah',
			protection: { kind: 'talk_first', has_sealed_name: false },
			no_photographs: true
		});
		expect(await callAs(db.owner, safeguarding, `public.list_protected_people($1)`, [summit])).toMatchObject([
			{ display_name: 'Ama Mensah', kind: 'talk_first' }
		]);
		expect((await save(4, on)).status).toBe('ok');
		expect((await shown(who))?.display_name).toBe('Noor Haddad');
	});
});
