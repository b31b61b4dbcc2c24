/*
 * The roles safeguarding, finance and owner take two people. These tests try every path to such a role with one person
 * alone.
 */
import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { callAs } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { actAs, makePerson, makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
let second: TestPerson;

beforeEach(async () => {
	// Each test has its own installation, because any earlier lead or owner would change the result.
	await db.owner.query(`update public.role_grants set ended_at = now() - interval '60 days' where ended_at is null`);
	await db.owner.query(`delete from private.role_proposals where state = 'open'`);
	world = await makeWorld(db.owner);
	second = await makePerson(db.owner, 'Second Owner');
	await give(second, 'owner');
});

const give = (who: TestPerson, role: string, summit: string | null = world.summit) =>
	db.owner.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, $2, $3)`, [
		who.person,
		role,
		summit
	]);
const end = (who: TestPerson, by: TestPerson | null = null, at = 'now()') =>
	db.owner.query(
		`update public.role_grants set ended_at = ${at}, ended_by = $2 where person_id = $1 and ended_at is null`,
		[who.person, by?.person ?? null]
	);
const grant = (by: TestPerson, who: TestPerson, role: string, summit: string | null = world.summit) =>
	callAs<string>(db.owner, by, `public.grant_role($1, $2, $3)`, [who.person, role, summit]);
const proposals = (by: TestPerson) =>
	callAs<
		{ id: string; role: string; display_name: string; is_mine: boolean; may_confirm: boolean; waits_for: string[] }[]
	>(db.owner, by, `public.list_role_proposals($1)`, [world.summit]);
const proposal = async (by: TestPerson) => (await proposals(by))[0]?.id ?? 'none';
const confirm = (by: TestPerson, id: string) => callAs<string>(db.owner, by, `public.confirm_role_proposal($1)`, [id]);
const refuse = (by: TestPerson, id: string) => callAs<string>(db.owner, by, `public.refuse_role_proposal($1)`, [id]);
const rolesOf = async (who: TestPerson) =>
	(
		await db.owner.query<{ role: string }>(
			`select role from public.role_grants where person_id = $1 and ended_at is null order by role`,
			[who.person]
		)
	).rows.map(({ role }) => role);
const mails = async (template: string) =>
	(
		await db.owner.query<{ person_id: string; params: unknown }>(
			`select person_id, params from private.outbox where summit_id = $1 and template = $2 order by person_id`,
			[world.summit, template]
		)
	).rows;
const named = (...people: TestPerson[]) => people.map(({ person }) => person).sort();

describe('safeguarding', () => {
	test('is not granted by one owner in one call, and owners cannot propose themselves', async () => {
		const { owner } = world.people;
		expect(await grant(owner, owner, 'safeguarding')).toBe('own');
		expect(await rolesOf(owner)).toEqual(['owner']);
		expect(await proposals(owner)).toEqual([]);
	});

	test('takes the confirmation of a lead: other owners, other people and the proposed person cannot confirm', async () => {
		const { owner, safeguarding, newcomer, ...others } = world.people;
		expect(await grant(owner, newcomer, 'safeguarding')).toBe('proposed');
		expect(await rolesOf(newcomer)).toEqual([]);
		const [open] = await proposals(owner);
		expect(open).toMatchObject({
			role: 'safeguarding',
			display_name: newcomer.name,
			is_mine: true,
			may_confirm: false,
			waits_for: [safeguarding.name]
		});
		const id = open?.id ?? '';
		expect([await confirm(owner, id), await confirm(second, id), await confirm(newcomer, id)]).toEqual([
			'own',
			'not_allowed',
			'not_found'
		]);
		for (const who of Object.values(others))
			expect([await confirm(who, id), await refuse(who, id)]).toEqual(['not_found', 'not_found']);
		expect(await proposals(safeguarding)).toEqual([expect.objectContaining({ id, may_confirm: true, is_mine: false })]);
		expect(await confirm(safeguarding, id)).toBe('ok');
		expect(await confirm(safeguarding, id)).toBe('not_found');
		expect(await rolesOf(newcomer)).toEqual(['safeguarding']);
	});

	test('asks the lead by mail, and notifies all leads and owners', async () => {
		const { owner, safeguarding, newcomer } = world.people;
		const other = await makePerson(db.owner, 'Other Lead');
		await give(other, 'safeguarding', null);
		await grant(owner, newcomer, 'safeguarding');
		expect((await mails('role_proposed')).map(({ person_id }) => person_id)).toEqual(named(safeguarding, other));
		await confirm(safeguarding, await proposal(safeguarding));
		expect((await mails('role_changed')).map(({ person_id }) => person_id)).toEqual(
			named(owner, second, other, newcomer)
		);
		expect(await mails('role_granted')).toEqual([{ person_id: newcomer.person, params: { role: 'safeguarding' } }]);
	});

	test('takes the confirmation of another owner when the lead is also an owner', async () => {
		const { owner, safeguarding, newcomer } = world.people;
		await give(owner, 'safeguarding');
		await end(safeguarding, null, `now() - interval '30 days'`);
		expect(await grant(owner, newcomer, 'safeguarding')).toBe('proposed');
		expect(await confirm(second, await proposal(second))).toBe('ok');
	});

	test('takes two owners where there never was a lead, and later leads are notified', async () => {
		const { owner, safeguarding, newcomer, delegate } = world.people;
		await end(safeguarding, null, `now() - interval '30 days'`);
		expect(await grant(owner, newcomer, 'safeguarding')).toBe('proposed');
		const id = await proposal(owner);
		expect([await confirm(owner, id), await confirm(second, id)]).toEqual(['own', 'ok']);
		const roles = await callAs<{ named: unknown; role: string }[]>(db.owner, newcomer, `public.list_roles($1)`, [
			world.summit
		]);
		expect(roles.map(({ named: by, role }) => ({ by, role }))).toEqual([
			{
				role: 'safeguarding',
				by: { proposed_by: owner.name, confirmed_by: second.name, is_self_confirmed: false, is_without_lead: true }
			}
		]);
		await grant(owner, delegate, 'safeguarding');
		expect(await confirm(newcomer, await proposal(newcomer))).toBe('ok');
		expect(await mails('lead_without_lead')).toEqual([{ person_id: delegate.person, params: {} }]);
	});

	test('has nobody to confirm while the only other owner is the proposed person', async () => {
		const { owner, safeguarding } = world.people;
		await end(safeguarding, null, `now() - interval '30 days'`);
		expect(await grant(owner, second, 'safeguarding')).toBe('no_second');
		expect(await proposals(owner)).toEqual([]);
	});

	test('cannot be reached by first ending the roles of the leads and the other owners', async () => {
		const { owner, safeguarding, newcomer } = world.people;
		const grants = await db.owner.query<{ id: string }>(
			`select id from public.role_grants where ended_at is null and person_id in ($1, $2)`,
			[safeguarding.person, second.person]
		);
		for (const { id } of grants.rows) expect(await callAs(db.owner, owner, `public.end_role($1)`, [id])).toBe('ok');
		expect(await grant(owner, newcomer, 'safeguarding')).toBe('no_second');
		expect(await grant(owner, newcomer, 'finance')).toBe('no_second');
		expect((await mails('role_ended')).map(({ person_id }) => person_id)).toEqual(named(safeguarding, second));
		// A lead whose role was ended by an owner is still notified of later leads.
		await db.owner.query(`update public.role_grants set ended_at = now() - interval '15 days' where ended_by = $1`, [
			owner.person
		]);
		expect(await grant(owner, newcomer, 'safeguarding')).toBe('ok');
		expect((await mails('role_changed')).map(({ person_id }) => person_id)).toContain(safeguarding.person);
	});

	test('for all Summits takes a lead of one of them', async () => {
		const { safeguarding, newcomer } = world.people;
		const chiefs = [await makePerson(db.owner, 'Chief'), await makePerson(db.owner, 'Other Chief')] as const;
		for (const chief of chiefs) await give(chief, 'owner', null);
		expect(await grant(world.people.owner, newcomer, 'safeguarding', null)).toBe('not_allowed');
		expect(await grant(chiefs[0], newcomer, 'safeguarding', null)).toBe('proposed');
		const id = await proposal(chiefs[0]);
		expect([await confirm(chiefs[1], id), await confirm(safeguarding, id)]).toEqual(['not_allowed', 'ok']);
	});
});

describe.each(['owner', 'finance'])('the role of %s', (role) => {
	test('takes another owner; an only owner decides alone, and the audit records it', async () => {
		const { owner, newcomer, delegate, finance, safeguarding } = world.people;
		expect(await grant(owner, newcomer, role)).toBe('proposed');
		const id = await proposal(owner);
		for (const who of [owner, newcomer, finance, safeguarding]) expect(await confirm(who, id)).not.toBe('ok');
		expect(await rolesOf(newcomer)).toEqual([]);
		expect(await confirm(second, id)).toBe('ok');
		expect(await rolesOf(newcomer)).toEqual([role]);
		await end(second, second);
		await end(newcomer, newcomer);
		expect(await grant(owner, delegate, role)).toBe('ok');
		const { rows } = await db.owner.query(
			`select is_self_confirmed, decided_by from private.role_proposals where person_id = $1`,
			[delegate.person]
		);
		expect(rows).toEqual([{ is_self_confirmed: true, decided_by: owner.person }]);
	});

	test('is refused, withdrawn, or expires, and lapses when the proposer’s own role ends', async () => {
		const { owner, newcomer } = world.people;
		const propose = async () => {
			expect(await grant(owner, newcomer, role)).toBe('proposed');
			return proposal(owner);
		};
		const ids = [await propose()];
		expect(await grant(owner, newcomer, role)).toBe('already_proposed');
		expect(await refuse(second, ids[0] ?? '')).toBe('ok');
		ids.push(await propose());
		expect(await refuse(owner, ids[1] ?? '')).toBe('ok');
		ids.push(await propose());
		await db.owner.query(`update private.role_proposals set expires_at = now() where id = $1`, [ids[2]]);
		ids.push(await propose());
		await end(owner);
		for (const id of ids.slice(0, 3)) expect(await confirm(second, id)).toBe('not_found');
		expect(await confirm(second, ids[3] ?? '')).toBe('lapsed');
		expect(await rolesOf(newcomer)).toEqual([]);
	});
});

describe('an invitation by mail address', () => {
	const newAddress = () => ({
		hash: randomBytes(32).toString('hex'),
		sealed: randomBytes(60).toString('hex'),
		key_id: 'k1'
	});
	const prove = (who: TestPerson, address: { hash: string }) =>
		db.owner.query(
			`insert into private.person_addresses (person_id, address_hash, address_sealed, key_id, verified_at) values ($1, $2, '\\x00', 'k1', now())`,
			[who.person, Buffer.from(address.hash, 'hex')]
		);
	const invite = (by: TestPerson, address: object, role: string) =>
		callAs<string>(db.owner, by, `public.invite_to_role($1, $2, $3, 'As Written')`, [
			world.summit,
			role,
			JSON.stringify(address)
		]);
	const accept = async (who: TestPerson) => {
		const [offer] = await callAs<{ id: string }[]>(db.owner, who, `public.my_role_invitations()`);
		return offer && callAs<string>(db.owner, who, `public.answer_role_invitation($1, true)`, [offer.id]);
	};

	test.each(['safeguarding', 'owner', 'finance'])('to %s is sent once it is confirmed', async (role) => {
		const { owner, safeguarding, newcomer } = world.people;
		const address = newAddress();
		expect(await invite(owner, address, role)).toBe('proposed');
		await prove(newcomer, address);
		expect(await accept(newcomer)).toBeUndefined();
		expect(await mails('role_invited')).toEqual([]);
		const decider = role === 'safeguarding' ? safeguarding : second;
		expect((await proposals(decider))[0]).toMatchObject({ display_name: 'As Written', address_sealed: address.sealed });
		expect(await confirm(decider, await proposal(decider))).toBe('ok');
		expect(await mails('role_invited')).toHaveLength(1);
		expect(await accept(newcomer)).toBe('ok');
		expect(await rolesOf(newcomer)).toEqual([role]);
	});

	test('gives nothing to the proposer or the confirmer if the address is another one of theirs', async () => {
		const { owner, safeguarding } = world.people;
		for (const who of [owner, safeguarding]) {
			const address = newAddress();
			await invite(owner, address, 'safeguarding');
			await confirm(safeguarding, await proposal(safeguarding));
			await prove(who, address);
			expect(await accept(who)).toBe('not_found');
		}
		expect(await rolesOf(owner)).toEqual(['owner']);
	});

	test('is worth nothing once the confirmer is no longer a lead', async () => {
		const { owner, safeguarding, newcomer } = world.people;
		await give(await makePerson(db.owner, 'Lead Who Stays'), 'safeguarding');
		const address = newAddress();
		await invite(owner, address, 'safeguarding');
		await confirm(safeguarding, await proposal(safeguarding));
		await end(safeguarding);
		await prove(newcomer, address);
		expect(await accept(newcomer)).toBe('not_found');
		expect(await rolesOf(newcomer)).toEqual([]);
	});
});

describe('other paths', () => {
	test('no kind of person can write the tables directly', async () => {
		const { newcomer } = world.people;
		for (const who of [null, ...Object.values(world.people)]) {
			for (const sql of [
				`insert into public.role_grants (person_id, role, summit_id) values ($1, 'safeguarding', $2)`,
				`update public.role_grants set role = 'safeguarding' where person_id = $1 and summit_id = $2`,
				`insert into private.role_proposals (person_id, role, via_summit_id, state, decided_at) values ($1, 'safeguarding', $2, 'confirmed', now())`
			])
				await expect(actAs(db.owner, who, sql, [newcomer.person, world.summit])).rejects.toThrow('permission denied');
		}
	});

	test('the table itself refuses a function that forgot the rule', async () => {
		const { owner, newcomer } = world.people;
		await db.owner
			.query(`create or replace function public.forgot_the_rule(p uuid, s uuid) returns void language sql security definer set search_path = ''
			as $$ insert into public.role_grants (person_id, role, summit_id) values (p, 'safeguarding', s) $$;
			grant execute on function public.forgot_the_rule(uuid, uuid) to authenticated;
			create or replace function public.revive(p uuid) returns void language sql security definer set search_path = ''
			as $$ update public.role_grants set ended_at = null where person_id = p $$;
			grant execute on function public.revive(uuid) to authenticated`);
		await expect(
			actAs(db.owner, owner, `select public.forgot_the_rule($1, $2)`, [newcomer.person, world.summit])
		).rejects.toThrow('a second person');
		await end(world.people.finance);
		await expect(actAs(db.owner, owner, `select public.revive($1)`, [world.people.finance.person])).rejects.toThrow(
			'a second person'
		);
		await db.owner.query(`drop function public.forgot_the_rule; drop function public.revive`);
	});

	test('an assistant does not have the roles of the people they assist', async () => {
		const { safeguarding, owner, newcomer } = world.people;
		const assistant = await makePerson(db.owner, 'Assistant');
		await db.owner.query(
			`insert into public.account_people (account_id, person_id, relation) values ($1, $2, 'assistant')`,
			[assistant.account, safeguarding.person]
		);
		await grant(owner, newcomer, 'safeguarding');
		expect(await confirm(assistant, await proposal(owner))).toBe('not_found');
	});

	test('a lead’s record is merged only with a lead’s confirmation', async () => {
		const registrars = [await makePerson(db.owner, 'Registrar'), await makePerson(db.owner, 'Chief')] as const;
		const lead = await makePerson(db.owner, 'Lead of All');
		await give(registrars[0], 'registration', null);
		await give(registrars[1], 'owner', null);
		await give(lead, 'safeguarding', null);
		const ask_ = await callAs<{ id: string }>(db.owner, registrars[0], `public.request_merge($1, $2, 'the same')`, [
			world.people.newcomer.person,
			world.people.safeguarding.person
		]);
		expect(await callAs(db.owner, registrars[1], `public.confirm_merge($1)`, [ask_.id])).toBe('lead_needed');
		expect(await callAs(db.owner, lead, `public.confirm_merge($1)`, [ask_.id])).toBe('owner_needed');
	});
});

test('holders can end their own role, but the last owner who can sign in cannot', async () => {
	const { safeguarding, owner } = world.people;
	const chief = await makePerson(db.owner, 'Chief');
	await give(chief, 'owner', null);
	await db.owner.query(
		`with nobody as (insert into public.people (display_name) values ('Never Signed In') returning id)
		insert into public.role_grants (person_id, role) select id, 'owner' from nobody`
	);
	const grantOf = async (who: TestPerson) =>
		(
			await db.owner.query<{ id: string }>(
				`select id from public.role_grants where person_id = $1 and ended_at is null`,
				[who.person]
			)
		).rows[0]?.id;
	const endRole = async (by: TestPerson, who: TestPerson) =>
		callAs(db.owner, by, `public.end_role($1)`, [await grantOf(who)]);
	expect(await endRole(chief, chief)).toBe('last_owner');
	expect(await endRole(owner, chief)).toBe('not_allowed');
	expect(await endRole(safeguarding, safeguarding)).toBe('ok');
	expect((await mails('role_changed')).map(({ params }) => params)).toContainEqual({
		role: 'safeguarding',
		change: 'ended'
	});
});
