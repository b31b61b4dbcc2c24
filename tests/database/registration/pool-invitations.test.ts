/* A role or a part in a session is offered to an address. Everything that others can read is the same for any holder of the address. */
import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { actAs, makePerson, makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';
import { protections } from '../../fixtures/protecting.ts';

const db = useDatabase();
let world: World;

const { protect } = protections(db);

beforeEach(async () => {
	world = await makeWorld(db.owner);
});

interface Address {
	hash: string;
	sealed: string;
	key_id: string;
}
const newAddress = (): Address => ({
	hash: randomBytes(32).toString('hex'),
	sealed: randomBytes(60).toString('hex'),
	key_id: 'k1'
});
async function addressOf(who: TestPerson): Promise<Address> {
	const address = newAddress();
	await db.owner.query(
		`insert into private.person_addresses (person_id, address_hash, address_sealed, key_id, verified_at) values ($1, $2, $3, 'k1', now())`,
		[who.person, Buffer.from(address.hash, 'hex'), Buffer.from(address.sealed, 'hex')]
	);
	return address;
}
const toRole = (address: Address, by: TestPerson = world.people.owner, role = 'door', name = 'As Written') =>
	callAs<string>(db.owner, by, `public.invite_to_role($1, $2, $3, $4)`, [
		world.summit,
		role,
		JSON.stringify(address),
		name
	]);
const toSession = (address: Address, by: TestPerson = world.people.programme, session = world.sessions.public.id) =>
	callAs<string>(db.owner, by, `public.invite_to_session($1, 'speaker', $2, 'As Written')`, [
		session,
		JSON.stringify(address)
	]);
const mine = (who: TestPerson) =>
	callAs<{ id: string; role: string | null; part: string | null }[]>(db.owner, who, `public.my_role_invitations()`);
const answer = (who: TestPerson, id: string | undefined, accept: boolean) =>
	callAs<string>(db.owner, who, `public.answer_role_invitation($1, $2)`, [id, accept]);

test('an assistant answers for a speaker, never for an office, and nobody answers after 30 days', async () => {
	const { speaker, newcomer } = world.people;
	const address = await addressOf(speaker);
	const invite = () => toSession(address, world.people.programme, world.sessions.members.id);
	await invite();
	await toRole(address);
	expect(await mine(newcomer)).toEqual([]);
	await db.owner.query(
		`insert into public.account_people (account_id, person_id, relation, scope) values ($1, $2, 'assistant', 'speaking')`,
		[newcomer.account, speaker.person]
	);
	const [offer, ...others] = await mine(newcomer);
	expect(offer).toMatchObject({ part: 'speaker', for: speaker.name });
	expect(others).toEqual([]);
	const age = (days: number) =>
		db.owner.query(`update private.role_invitations set invited_at = now() - $1 * interval '1 day'`, [days]);
	await age(31);
	expect(await answer(newcomer, offer?.id, true)).toBe('not_found');
	// A repeated offer is new; an answered one is over.
	await invite();
	expect(await answer(newcomer, offer?.id, true)).toBe('ok');
	expect(await answer(newcomer, offer?.id, true)).toBe('not_found');
	const [entry] = (
		await db.owner.query(
			`select actor_person, principal_person from audit.entries where table_name = 'public.session_people' order by id desc limit 1`
		)
	).rows;
	expect(entry).toEqual({ actor_person: newcomer.person, principal_person: speaker.person });
	await db.owner.query(`delete from public.account_people where account_id = $1 and relation = 'assistant'`, [
		newcomer.account
	]);
	await db.owner.query(`delete from public.session_people where session_id = $1`, [world.sessions.members.id]);
	await db.owner.query(`delete from private.role_invitations`);
	await db.owner.query(`delete from private.outbox`);
});

describe('an address that is unknown, known, or of a person with an alias', () => {
	test('gives the same answer, the same lists, the same mail and the same log', async () => {
		const { owner, programme, registration, speaker, delegate } = world.people;
		await protect(delegate, 'Marta Ilves');
		const addresses = [newAddress(), await addressOf(speaker), await addressOf(delegate)];
		await db.owner.query(`insert into public.person_preferences (person_id, locale) values ($1, 'fr'), ($2, 'ar')`, [
			speaker.person,
			delegate.person
		]);
		const outcomes = [];
		for (const address of addresses) {
			// Everything that staff can read of it, before and after, without values that are random for each row.
			const state = async () => {
				const lists = [
					await callAs(db.owner, owner, `public.list_role_invitations($1)`, [world.summit]),
					await callAs(db.owner, programme, `public.list_role_invitations($1, $2)`, [
						world.summit,
						world.sessions.public.id
					]),
					await callAs(db.owner, owner, `public.list_roles($1)`, [world.summit]),
					await callAs(db.owner, programme, `public.read_draft_session($1)`, [world.sessions.public.id]),
					await callAs(db.owner, registration, `public.list_mail($1, 'queued')`, [world.summit])
				];
				const people = await readValue(db.owner, `select count(*)::integer from public.people`);
				const entries = await readValue(db.owner, `select count(*)::integer from audit.entries`);
				return { lists: JSON.stringify(lists), people, entries: Number(entries) };
			};
			const before = await state();
			const answers = [
				await toRole(address),
				await toRole(address),
				await toSession(address),
				await toRole(address, world.people.programme)
			];
			const after = await state();
			const added = after.lists
				.replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'id')
				.replaceAll(/"\d{4}-\d\d-\d\dT[^"]+"/g, 'at');
			outcomes.push({
				answers,
				added,
				people: after.people === before.people,
				entries: after.entries - before.entries
			});
			await db.owner.query(`delete from private.role_invitations`);
			await db.owner.query(`delete from private.outbox`);
		}
		expect(outcomes[0]).toMatchObject({ answers: ['ok', 'ok', 'ok', 'not_allowed'], people: true });
		expect(outcomes[0]?.added).toContain('As Written');
		expect(outcomes[1]).toEqual(outcomes[0]);
		expect(outcomes[2]).toEqual(outcomes[0]);
	});

	test('the mail goes to the address and names nobody, once a day', async () => {
		await protect(world.people.delegate, 'Marta Ilves');
		const address = await addressOf(world.people.delegate);
		for (let n = 0; n < 3; n++) expect([await toRole(address), await toSession(address)]).toEqual(['ok', 'ok']);
		const { rows } = await db.owner.query(
			`select template, locale, params, person_id, encode(address_sealed, 'hex') as sealed, summit_id from private.outbox where summit_id = $1 order by template`,
			[world.summit]
		);
		const mail = { locale: 'en', person_id: null, sealed: address.sealed, summit_id: world.summit };
		expect(rows).toEqual([
			{ template: 'role_invited', params: { role: 'door' }, ...mail },
			{ template: 'session_invited', params: { role: 'speaker' }, ...mail }
		]);
		expect(
			await readValue(
				db.owner,
				`select count(*)::integer from audit.entries as e where table_name = 'private.role_invitations' and (e::text like '%As Written%' or e::text like '%' || $1 || '%')`,
				[address.hash]
			)
		).toBe(0);
	});
});

describe('the offer', () => {
	test('is answered by its addressee alone, and gives what it says', async () => {
		const { virtual, newcomer } = world.people;
		const address = await addressOf(virtual);
		expect([await toRole(address), await toSession(address, world.people.programme, world.sessions.closed.id)]).toEqual(
			['ok', 'ok']
		);
		expect(await mine(newcomer)).toEqual([]);
		const offers = await mine(virtual);
		expect(offers.map(({ role, part }) => role ?? part).toSorted()).toEqual(['door', 'speaker']);
		for (const { id } of offers) {
			expect(await answer(newcomer, id, true)).toBe('not_found');
			expect(await answer(virtual, id, true)).toBe('ok');
			expect(await answer(virtual, id, true)).toBe('not_found');
		}
		const me = await callAs<{ roles: unknown[]; speaks: string[] }>(db.owner, virtual, `public.who_am_i()`);
		expect([me.roles, me.speaks]).toEqual([[{ role: 'door', summit_id: world.summit }], [world.summit]]);
		expect(await callAs<boolean>(db.owner, virtual, `public.can_see($1)`, [world.sessions.closed.id])).toBe(true);
	});

	test('waits for a person who has no account yet, and gives them the name that was written', async () => {
		const address = newAddress();
		expect(await toSession(address)).toBe('ok');
		const newcomer = await makePerson(db.owner, '');
		await db.owner.query(
			`insert into private.person_addresses (person_id, address_hash, address_sealed, key_id) values ($1, $2, 'x', 'k1')`,
			[newcomer.person, Buffer.from(address.hash, 'hex')]
		);
		// Anybody may type any address beside a person’s name; it counts once the person has proven it.
		expect(await mine(newcomer)).toEqual([]);
		await db.owner.query(`update private.person_addresses set verified_at = now() where person_id = $1`, [
			newcomer.person
		]);
		const [offer] = await mine(newcomer);
		expect(await answer(newcomer, offer?.id, true)).toBe('ok');
		expect(
			(
				await db.owner.query(
					`select p.display_name, sp.state from public.session_people as sp join public.people as p on p.id = sp.person_id where p.id = $1`,
					[newcomer.person]
				)
			).rows
		).toEqual([{ display_name: 'As Written', state: 'confirmed' }]);
	});

	test('gives nothing when it is declined, withdrawn, or made by a person who has lost the right', async () => {
		const { virtual, owner, programme } = world.people;
		const address = await addressOf(virtual);
		await toRole(address);
		expect(await answer(virtual, (await mine(virtual))[0]?.id, false)).toBe('ok');
		await toRole(address);
		const [open] = await callAs<{ id: string }[]>(db.owner, owner, `public.list_role_invitations($1)`, [world.summit]);
		expect(await callAs(db.owner, programme, `public.withdraw_role_invitation($1)`, [open?.id])).toBe('not_allowed');
		expect(await callAs(db.owner, owner, `public.withdraw_role_invitation($1)`, [open?.id])).toBe('ok');
		expect(await answer(virtual, open?.id, true)).toBe('not_found');
		await toRole(address);
		const [last] = await mine(virtual);
		await db.owner.query(`update public.role_grants set ended_at = now() where person_id = $1`, [owner.person]);
		expect(await mine(virtual)).toEqual([]);
		expect(await answer(virtual, last?.id, true)).toBe('not_found');
		expect((await callAs<{ roles: unknown[] }>(db.owner, virtual, `public.who_am_i()`)).roles).toEqual([]);
	});

	test('is made by owners and by people who edit the session, up to a limit', async () => {
		const { owner, programme, delegate, stage } = world.people;
		expect([
			await toRole(newAddress(), delegate),
			await toRole(newAddress(), programme),
			await toSession(newAddress(), stage),
			// An owner cannot see a closed session, so they add nobody to it.
			await toSession(newAddress(), owner, world.sessions.closed.id)
		]).toEqual(Array(4).fill('not_allowed'));
		expect(await toRole({ ...newAddress(), hash: 'x' })).toBe('invalid');
		expect(await toRole(newAddress(), owner, 'door', ' ')).toBe('invalid');
		await db.owner.query(
			`insert into private.role_invitations (summit_id, role, address_hash, address_sealed, key_id, display_name, invited_by)
			select $1, 'door', extensions.gen_random_bytes(32), 'x', 'k1', 'Many', $2 from generate_series(1, 200)`,
			[world.summit, owner.person]
		);
		expect(await toRole(newAddress())).toBe('limited');
		await expect(actAs(db.owner, owner, `select * from private.role_invitations`)).rejects.toThrow('permission denied');
	});
});

test('a role granted to a known person sends them a notification', async () => {
	const { owner, speaker } = world.people;
	await db.owner.query(`insert into public.person_preferences (person_id, locale) values ($1, 'es')`, [speaker.person]);
	const granted = () => callAs(db.owner, owner, `public.grant_role($1, 'door', $2)`, [speaker.person, world.summit]);
	expect([await granted(), await granted()]).toEqual(['ok', 'already']);
	const { rows } = await db.owner.query(
		`select template, locale, params, person_id from private.outbox where summit_id = $1`,
		[world.summit]
	);
	expect(rows).toEqual([
		{ template: 'role_granted', locale: 'es', params: { role: 'door' }, person_id: speaker.person }
	]);
});
