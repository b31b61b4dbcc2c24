/* The watch list in use: whom it matches at the desk, and what it bars at the door and on the stage. */
import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { nameForms } from '../../../src/lib/safeguarding/names.ts';
import { callAs, makePeople, register, stateOf, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { makeWorld, type TestPerson } from '../../fixtures/world.ts';
import { useWatchList } from '../../fixtures/watch-listing.ts';

const db = useDatabase();
const list = useWatchList(db);
const { add, act, decide, resolve, matchesOf, referenceOf, isBarred, barDelegate } = list;

const hash = (form: string) => createHmac('sha256', 'test').update(form).digest('hex');

describe('at the desk', () => {
	const arrive = async (name: string, country: string | null = null) => {
		const [person] = await makePeople(db.owner, 1);
		if (!person) throw new Error('nobody');
		await db.owner.query(`update public.people set display_name = $2, country = $3 where id = $1`, [
			person.person,
			name,
			country
		]);
		const { id } = await register(db.owner, person, list.world.summit, list.world.member, 'virtual');
		return { person, id };
	};

	it('nobody of the same name is accredited before safeguarding has decided whether it is that person', async () => {
		await act((await add({ name: 'Al-Haddad, Mohammed', country: 'UY' })).id, 'confirm');
		const namesake = await arrive('Mohammed Al Haddad');
		const elsewhere = await arrive('Mohammed Haddad', 'PT');
		const similar = await arrive('Muhamad Hadad');
		const other = await arrive('Ana Lima');
		const answers = await decide([namesake.id, elsewhere.id, similar.id, other.id]);
		const by = new Map(answers.map(({ id, status }) => [id, status]));
		expect([namesake, elsewhere, similar, other].map(({ id }) => by.get(id))).toEqual([
			'needs_safeguarding',
			'confirmed',
			'confirmed',
			'confirmed'
		]);
		expect(await stateOf(db.owner, namesake.id)).toBe('submitted');
		// One mail for each lead, without a name; none for another try.
		await decide([namesake.id]);
		const { rows: letters } = await db.owner.query(
			`select person_id, params from private.outbox where template = 'safeguarding_needed' and summit_id = $1 and person_id = any ($2)`,
			[list.world.summit, [list.world.people.safeguarding.person, list.second.person]]
		);
		expect(letters).toEqual(
			expect.arrayContaining([
				{ person_id: list.world.people.safeguarding.person, params: {} },
				{ person_id: list.second.person, params: {} }
			])
		);
		expect(letters).toHaveLength(2);
		expect(await matchesOf(namesake.person.person)).toMatchObject([
			{ level: 'likely', is_same: null, held_back_at: expect.any(Date) }
		]);
		expect(await matchesOf(elsewhere.person.person)).toMatchObject([{ level: 'possible' }]);
		expect(await matchesOf(similar.person.person)).toMatchObject([{ level: 'possible' }]);
		expect(await matchesOf(other.person.person)).toEqual([]);
		const [match] = await matchesOf(namesake.person.person);
		expect(await resolve(match?.id ?? '', false, list.world.people.registration)).toBe('not_found');
		expect(await resolve(match?.id ?? '', false)).toBe('ok');
		expect(await decide([namesake.id])).toMatchObject([{ status: 'confirmed' }]);
		// The decision is stored: a new match stays decided.
		await db.owner.query(`select private.save_watch_list_matches($1)`, [namesake.person.person]);
		expect(await matchesOf(namesake.person.person)).toMatchObject([{ is_same: false }]);
	});

	it('a proposal delays an accreditation, and bars nobody', async () => {
		const { id } = await add({ name: 'Petra Vesela' });
		const guest = await arrive('Petra Vesela');
		expect(await decide([guest.id])).toMatchObject([{ status: 'needs_safeguarding' }]);
		expect(await isBarred(guest.person.person)).toBe(false);
		expect(await act(id, 'refuse')).toBe('ok');
		expect(await decide([guest.id])).toMatchObject([{ status: 'confirmed' }]);
	});

	it('an address finds its person, also when it is added later', async () => {
		const address = 'c0'.repeat(32);
		await act((await add({ address_hash: address })).id, 'confirm');
		const guest = await arrive('Some New Name');
		expect(await matchesOf(guest.person.person)).toEqual([]);
		await db.owner.query(
			`insert into private.person_addresses (person_id, address_hash, address_sealed, key_id) values ($1, decode($2, 'hex'), '\\x00', 'k1')`,
			[guest.person.person, address]
		);
		expect(await isBarred(guest.person.person)).toBe(true);
		expect(await decide([guest.id])).toMatchObject([{ status: 'needs_safeguarding' }]);
		// The row itself refuses writes that bypass the function.
		await expect(
			db.owner.query(`update public.registrations set state = 'accredited' where id = $1`, [guest.id])
		).rejects.toMatchObject({
			code: 'PT409'
		});
	});

	it('a person of this name at another Summit is no match, and the list does not say whose the address is', async () => {
		const other = await makeWorld(db.owner);
		const [far] = await makePeople(db.owner, 1);
		if (!far) throw new Error('nobody');
		await db.owner.query(`update public.people set display_name = 'Petra Vesela' where id = $1`, [far.person]);
		await db.owner.query(
			`insert into private.person_addresses (person_id, address_hash, address_sealed, key_id) values ($1, decode($2, 'hex'), '\\x00', 'k1')`,
			[far.person, 'd1'.repeat(32)]
		);
		await act((await add({ name: 'Petra Vesela' })).id, 'confirm');
		await register(db.owner, far, other.summit, other.member, 'virtual');
		expect(await matchesOf(far.person)).toEqual([]);
		await add({ address_hash: 'd1'.repeat(32) });
		const shown = JSON.stringify(
			await callAs(db.owner, list.world.people.safeguarding, `public.read_watch_list($1)`, [list.world.summit])
		);
		expect(await matchesOf(far.person)).toMatchObject([{ level: 'certain' }]);
		expect(shown).not.toContain('Petra');
	});

	it('an alias does not evade it, and the list does not say whose it is', async () => {
		const own = nameForms('Zoraida Unwanted');
		const hashes = { name_key_hash: hash(own.key), name_skeleton_hash: hash(own.skeleton) };
		await act((await add({ name: 'Unwanted Zoraida', ...hashes })).id, 'confirm');
		const [person] = await makePeople(db.owner, 1);
		if (!person) throw new Error('nobody');
		const { id } = await register(db.owner, person, list.world.summit, list.world.member, 'virtual');
		const saved = await callAs<{ status: string }>(db.owner, person, `private.save_registration($1, 4, $2)`, [
			id,
			JSON.stringify({
				protection: 'alias',
				alias: { display_name: 'Marta Ilves' },
				real_name_sealed: 'ab'.repeat(40),
				key_id: 'k1',
				...hashes
			})
		]);
		expect(saved.status).toBe('ok');
		// Organisers see no match. Only safeguarding sees that there is one, and gets a mail.
		expect(await decide([id])).toMatchObject([{ status: 'confirmed' }]);
		const read = async (by: TestPerson) =>
			(
				await callAs<{ entries: { matches: { id: string }[] }[] }>(db.owner, by, `public.read_watch_list($1)`, [
					list.world.summit
				])
			).entries[0]?.matches ?? [];
		expect(await read(list.world.people.owner)).toEqual([]);
		const [match] = await read(list.world.people.safeguarding);
		expect(match).toMatchObject({ person: null, level: 'likely', is_same: null });
		await db.owner.query('select private.sweep_deadlines()');
		expect(
			await readValue(
				db.owner,
				`select count(*)::integer from private.outbox where template = 'safeguarding_needed' and person_id = any ($1)`,
				[[list.world.people.safeguarding.person, list.world.people.owner.person]]
			)
		).toBe(1);
		expect(await resolve(match?.id ?? '', true, list.world.people.owner)).toBe('not_found');
		expect(await resolve(match?.id ?? '', true)).toBe('ok');
		// The decline is neutral, as for anybody: no reason and no name.
		expect(await stateOf(db.owner, id)).toBe('declined');
		const { id: again } = await register(
			db.owner,
			{
				...person,
				person: await readValue(db.owner, 'select person_id from public.registrations where id = $1', [id])
			},
			list.world.summit,
			list.world.member,
			'virtual'
		);
		expect(await decide([again])).toMatchObject([{ status: 'wrong_state', state: 'declined' }]);
	});
});

describe('in force', () => {
	it('the door says stop, and admits again when the entry ends', async () => {
		const { door, owner, safeguarding, delegate } = list.world.people;
		await db.owner.query(
			`update public.summits set starts_on = (now() at time zone zone)::date - 1, ends_on = (now() at time zone zone)::date + 1 where id = $1`,
			[list.world.summit]
		);
		const badge = await readValue<string>(db.owner, `select id from public.badges where registration_id = $1`, [
			list.world.registrations.delegate
		]);
		const checkBadge = () => callAs(db.owner, door, `public.check_badge($1, $2)`, [list.world.summit, badge]);
		const entry = await barDelegate();
		expect(await checkBadge()).toMatchObject({ answer: 'stop', flags: [] });
		await act(entry, 'ask_end', owner);
		await act(entry, 'end', safeguarding);
		expect(await isBarred(delegate.person)).toBe(false);
		expect(await checkBadge()).toMatchObject({ answer: 'welcome' });
	});

	it('a person inside is removed at once, and the run moves to another room', async () => {
		const { delegate } = list.world.people;
		const app = await db.connect(db.appUrl);
		const pass = () =>
			readValue<Record<string, unknown>>(app, `select private.stage_pass($1, $2, 'plenary')`, [
				delegate.person,
				list.world.summit
			]);
		const inside = await pass();
		expect(inside).toMatchObject({ status: 'ok', publish: [] });
		const rights = (name: unknown) =>
			readValue<Record<string, unknown>>(app, `select private.room_rights($1, $2)`, [name, [inside.identity]]);
		expect(await rights(inside.room)).toMatchObject({ is_open: true, rights: { [String(inside.identity)]: [] } });
		const received: string[] = [];
		const listener = await db.connect();
		listener.on('notification', ({ payload }) => received.push(payload ?? ''));
		await listener.query('listen live_events');
		await barDelegate();
		expect(await rights(inside.room)).toMatchObject({ is_open: false });
		expect(await pass()).toEqual({ status: 'barred' });
		expect(await callAs(db.owner, delegate, `public.can_enter($1, 'stream')`, [list.world.sessions.public.id])).toBe(
			'barred'
		);
		await expect
			.poll(() => received.some((event) => event.includes(`person:${delegate.person}`) && event.includes('rights')))
			.toBe(true);
	});

	it('the entry stays when two records of one person are merged, with any decision about the other', async () => {
		const { delegate } = list.world.people;
		const entry = await barDelegate();
		const [double] = await makePeople(db.owner, 1);
		if (!double) throw new Error('nobody');
		await db.owner.query(
			`insert into private.watch_list_matches (entry_id, person_id, level, is_same, decided_at) values ($1, $2, 'possible', false, now())`,
			[entry, double.person]
		);
		await db.owner.query(`select private.merge_people($1, $2, 'one person')`, [double.person, delegate.person]);
		await db.owner.query(`select private.expire_watch_list_entries()`);
		expect(await isBarred(double.person)).toBe(true);
		expect(await matchesOf(double.person)).toMatchObject([{ is_same: true }]);
	});

	it('an entry ends by itself when its time is over', async () => {
		const { id } = await add({
			registration: await referenceOf(list.world.registrations.delegate),
			until: new Date(Date.now() + 3_600_000).toISOString()
		});
		await act(id, 'confirm');
		expect(await isBarred(list.world.people.delegate.person)).toBe(true);
		await db.owner.query(`update private.watch_list_entries set until = now() - interval '1 second' where id = $1`, [
			id
		]);
		await db.owner.query(`select private.sweep_deadlines(now())`);
		expect(await isBarred(list.world.people.delegate.person)).toBe(false);
	});
});
