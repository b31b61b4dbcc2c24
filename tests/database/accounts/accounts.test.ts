/* Accounts: which person an account belongs to, the first owner, and roles that are granted and ended. */
import { createHash, randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { connectMany, inParallel } from '../../fixtures/registering.ts';
import { actAs, makePerson, makeWorld, type World } from '../../fixtures/world.ts';

const db = useDatabase();

const hash = (words: string) => createHash('sha256').update(words).digest();

describe('an account', () => {
	const link = async (account: string, address: string, isOwner = false, on = db.app) =>
		(
			await on.query<{ person: string }>(`select private.link_account($1, $2, '\\x00', 'k', $3) as person`, [
				account,
				hash(address),
				isOwner
			])
		).rows[0]?.person;
	const account = async () =>
		(
			await db.owner.query<{ id: string }>(
				`insert into auth.users (id, email) values (gen_random_uuid(), gen_random_uuid() || '@example.org') returning id`
			)
		).rows[0]?.id as string;

	test('belongs to the person with its address, also after the account is deleted and created again', async () => {
		const address = randomBytes(8).toString('hex');
		const first = await link(await account(), address);
		const again = await link(await account(), address);
		expect(again).toBe(first);
		const { rows } = await db.owner.query(
			'select count(*)::int as count from public.account_people where person_id = $1',
			[first]
		);
		expect(rows).toEqual([{ count: 1 }]);
	});

	test('with the owner’s address becomes owner once, on an installation that never had an owner', async () => {
		const accounts = [await account(), await account()];
		const clients = await connectMany(db, 2, db.appUrl);
		const claims = await inParallel(clients, accounts, (client, own) => link(own, `owner ${own}`, true, client));
		const { rows } = await db.owner.query<{ person_id: string }>(
			`select person_id from public.role_grants where role = 'owner'`
		);
		expect(rows).toHaveLength(1);
		expect(claims).toContain(rows[0]?.person_id);
		await db.owner.query(`update public.role_grants set ended_at = now()`);
		await link(await account(), 'owner 3', true);
		const after = await db.owner.query(`select count(*)::int as count from public.role_grants where ended_at is null`);
		expect(after.rows).toEqual([{ count: 0 }]);
	});
});

describe('roles', () => {
	let world: World;
	beforeAll(async () => {
		world = await makeWorld(db.owner);
	});
	const grant = async (by: keyof World['people'], role: string, summit: string | null) =>
		(
			await actAs<{ status: string }>(db.owner, world.people[by], 'select public.grant_role($1, $2, $3) as status', [
				world.people.newcomer.person,
				role,
				summit
			])
		)[0]?.status;

	test('are granted once, by an owner of that Summit only', async () => {
		for (const by of ['newcomer', 'delegate', 'programme', 'registration', 'safeguarding'] as const) {
			expect(await grant(by, 'door', world.summit)).toBe('not_allowed');
		}
		expect(await grant('owner', 'door', world.summit)).toBe('ok');
		expect(await grant('owner', 'door', world.summit)).toBe('already');
		expect(await grant('owner', 'door', null)).toBe('not_allowed');
	});

	test('end at once, but the last owner of all Summits keeps the role', async () => {
		const chief = await makePerson(db.owner, 'Chief');
		await db.owner.query(`insert into public.role_grants (person_id, role) values ($1, 'owner')`, [chief.person]);
		const { rows } = await db.owner.query<{ id: string; role: string }>(
			`select id, role from public.role_grants where person_id in ($1, $2) and ended_at is null`,
			[world.people.newcomer.person, chief.person]
		);
		for (const { id, role } of rows) {
			const ended = await actAs<{ status: string }>(db.owner, chief, 'select public.end_role($1) as status', [id]);
			expect(ended).toEqual([{ status: role === 'owner' ? 'last_owner' : 'ok' }]);
		}
		const left = await actAs<{ roles: unknown[] }>(
			db.owner,
			world.people.newcomer,
			`select public.who_am_i() -> 'roles' as roles`
		);
		expect(left).toEqual([{ roles: [] }]);
	});

	test('are not inherited by an assistant', async () => {
		const assistant = await makePerson(db.owner, 'Assistant');
		await db.owner.query(
			`insert into public.account_people (account_id, person_id, relation) values ($1, $2, 'assistant')`,
			[assistant.account, world.people.registration.person]
		);
		const seen = await actAs<{ count: number }>(
			db.owner,
			assistant,
			'select count(*)::int as count from public.registration_needs'
		);
		expect(seen).toEqual([{ count: 0 }]);
	});
});
