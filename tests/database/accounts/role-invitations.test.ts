/* Other paths to a role that takes two people: invitations by mail address, direct writes, assistants and merges. */
import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { callAs } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { actAs, makePerson, makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';
import { roleActs } from '../../fixtures/proposing-roles.ts';

const db = useDatabase();
let world: World;
let second: TestPerson;

const { give, end, grant, proposals, proposal, confirm, rolesOf, mails } = roleActs(db, () => world);

beforeEach(async () => {
	// Each test has its own installation, because any earlier lead or owner would change the result.
	await db.owner.query(`update public.role_grants set ended_at = now() - interval '60 days' where ended_at is null`);
	await db.owner.query(`delete from private.role_proposals where state = 'open'`);
	world = await makeWorld(db.owner);
	second = await makePerson(db.owner, 'Second Owner');
	await give(second, 'owner');
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
