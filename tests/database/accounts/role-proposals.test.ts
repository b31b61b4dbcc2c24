/*
 * The roles safeguarding, finance and owner take two people. These tests try every way to propose and confirm such a role with one
 * person alone.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import { callAs } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { makePerson, makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';
import { roleActs } from '../../fixtures/proposing-roles.ts';

const db = useDatabase();
let world: World;
let second: TestPerson;

const { give, end, grant, proposals, proposal, confirm, refuse, rolesOf, mails, named } = roleActs(db, () => world);

beforeEach(async () => {
	// Each test has its own installation, because any earlier lead or owner would change the result.
	await db.owner.query(`update public.role_grants set ended_at = now() - interval '60 days' where ended_at is null`);
	await db.owner.query(`delete from private.role_proposals where state = 'open'`);
	world = await makeWorld(db.owner);
	second = await makePerson(db.owner, 'Second Owner');
	await give(second, 'owner');
});

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
