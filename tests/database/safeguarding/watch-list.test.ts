/*
 * The watch list: kept by two people, readable by nobody else, applied at the desk, at the door and on the stage, and
 * never revealed.
 */
import { createHmac } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { nameForms } from '../../../src/lib/safeguarding/names.ts';
import { callAs, connectMany, makePeople, register, stateOf, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { actAs, setCaller, makePerson, makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
let second: TestPerson;

beforeEach(async () => {
	// An entry for every Summit would also apply in the next test.
	await db.owner.query(`delete from private.watch_list_entries`);
	await db.owner.query(`delete from public.role_grants where summit_id is null`);
	world = await makeWorld(db.owner);
	second = await staff('safeguarding', world.summit);
});

async function staff(role: string, summit: string | null): Promise<TestPerson> {
	const somebody = await makePerson(db.owner, `Another ${role}`);
	await db.owner.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, $2, $3)`, [
		somebody.person,
		role,
		summit
	]);
	return somebody;
}

const hash = (form: string) => createHmac('sha256', 'test').update(form).digest('hex');
const details = { details_sealed: 'ab'.repeat(40), key_id: 'k1' };
const add = (fields: Record<string, unknown>, by: TestPerson = world.people.safeguarding) =>
	callAs<{ status: string; id?: string }>(db.owner, by, `public.add_watch_list_entry($1, $2)`, [
		world.summit,
		JSON.stringify({ ...details, ...fields })
	]);
const act = (entry: string | undefined, what: string, by: TestPerson = second) =>
	callAs<string>(db.owner, by, `public.update_watch_list_entry($1, $2, $3)`, [world.summit, entry, what]);
const decide = (ids: string[], decision = 'accredit', by: TestPerson = world.people.registration) =>
	callAs<{ id: string; status: string }[]>(db.owner, by, `public.decide_registrations($1, $2, 'on good grounds')`, [
		ids,
		decision
	]);
const resolve = (match: string, same: boolean, by: TestPerson = world.people.safeguarding) =>
	callAs<string>(db.owner, by, `public.resolve_watch_list_match($1, $2, $3)`, [world.summit, match, same]);
const matchesOf = async (person: string) =>
	(
		await db.owner.query<{ id: string; level: string; is_same: boolean | null; held_back_at: Date | null }>(
			`select id, level, is_same, held_back_at from private.watch_list_matches where person_id = $1`,
			[person]
		)
	).rows;
const referenceOf = (registration: string) =>
	readValue<string>(db.owner, `select reference from public.registrations where id = $1`, [registration]);
const isBarred = (person: string) =>
	readValue<boolean>(
		db.owner,
		`select exists (select from private.entry_bars where person_id = $1 and session_id is null)`,
		[person]
	);
const barDelegate = async () => {
	const { id } = await add({ registration: await referenceOf(world.registrations.delegate) });
	expect(await act(id, 'confirm')).toBe('ok');
	return id ?? '';
};

describe('keeping the list', () => {
	it('is for safeguarding and owners, and nobody else finds a trace of it', async () => {
		const { id } = await add({ name: 'Somebody Unwanted' });
		for (const kind of [
			'newcomer',
			'delegate',
			'focal',
			'programme',
			'registration',
			'finance',
			'stage',
			'door'
		] as const) {
			const by = world.people[kind];
			expect(await callAs(db.owner, by, `public.read_watch_list($1)`, [world.summit]), kind).toBeNull();
			expect(await add({ name: 'X' }, by), kind).toEqual({ status: 'not_allowed' });
			expect(await act(id, 'confirm', by), kind).toBe('not_found');
			await expect(actAs(db.owner, by, `select * from private.watch_list_entries`), kind).rejects.toThrow(
				/permission denied/
			);
		}
		for (const by of [world.people.safeguarding, world.people.owner])
			expect(await callAs(db.owner, by, `public.read_watch_list($1)`, [world.summit])).toMatchObject({
				entries: [{ id }]
			});
		const { rows } = await db.owner.query(
			`select actor_person from audit.entries where table_name = 'barred.read' and summit_id = $1 order by id`,
			[world.summit]
		);
		expect(rows.map(({ actor_person }) => actor_person)).toEqual([
			world.people.safeguarding.person,
			world.people.owner.person
		]);
	});

	it('belongs to one Summit: keepers of another one neither read nor act, and bar nobody everywhere', async () => {
		const { id } = await add({ name: 'Somebody Unwanted' });
		const other = await makeWorld(db.owner);
		const { safeguarding } = other.people;
		expect(await callAs(db.owner, safeguarding, `public.read_watch_list($1)`, [world.summit])).toBeNull();
		expect(
			await callAs(db.owner, safeguarding, `public.update_watch_list_entry($1, $2, 'confirm')`, [other.summit, id])
		).toBe('not_found');
		expect(await add({ name: 'Everywhere', everywhere: true })).toEqual({ status: 'not_allowed' });
		const ofAll = await staff('safeguarding', null);
		expect(await add({ name: 'Everywhere', everywhere: true }, ofAll)).toMatchObject({ status: 'ok' });
		expect(await callAs(db.owner, safeguarding, `public.read_watch_list($1)`, [other.summit])).toMatchObject({
			entries: [{ everywhere: true }],
			may_everywhere: false
		});
	});

	it('takes a keeper of all Summits for a match of an entry for all Summits', async () => {
		const [ofAll, other] = [await staff('safeguarding', null), await staff('safeguarding', null)];
		const { id } = await add({ name: 'Petra Vesela', everywhere: true }, ofAll);
		expect(await act(id, 'confirm', other)).toBe('ok');
		await db.owner.query(`update public.people set display_name = 'Petra Vesela' where id = $1`, [
			world.people.delegate.person
		]);
		await db.owner.query(`select private.save_watch_list_matches($1)`, [world.people.delegate.person]);
		const [match] = await matchesOf(world.people.delegate.person);
		const mayDecide = async (by: TestPerson) =>
			(
				await callAs<{ entries: { matches: { may_decide: boolean }[] }[] }>(
					db.owner,
					by,
					`public.read_watch_list($1)`,
					[world.summit]
				)
			).entries[0]?.matches.map(({ may_decide }) => may_decide);
		for (const same of [true, false]) expect(await resolve(match?.id ?? '', same)).toBe('not_found');
		expect(await matchesOf(world.people.delegate.person)).toMatchObject([{ is_same: null }]);
		expect([await mayDecide(world.people.safeguarding), await mayDecide(ofAll)]).toEqual([[false], [true]]);
		expect(await resolve(match?.id ?? '', true, ofAll)).toBe('ok');
		expect(await isBarred(world.people.delegate.person)).toBe(true);
	});

	it('sends a mail to the keepers who may decide: those of all Summits for an entry for all', async () => {
		const ofAll = await staff('owner', null);
		const other = await staff('owner', null);
		const { id } = await add({ name: 'Petra Vesela', everywhere: true }, ofAll);
		expect(await act(id, 'confirm', other)).toBe('ok');
		const [person] = await makePeople(db.owner, 1);
		if (!person) throw new Error('nobody');
		await db.owner.query(`update public.people set display_name = 'Petra Vesela' where id = $1`, [person.person]);
		const { id: registration } = await register(db.owner, person, world.summit, world.member, 'virtual');
		expect(await decide([registration])).toMatchObject([{ status: 'needs_a_word' }]);
		const { rows } = await db.owner.query<{ person_id: string }>(
			`select person_id from private.outbox where template = 'word_needed' and summit_id = $1`,
			[world.summit]
		);
		const mailed = rows.map(({ person_id }) => person_id);
		expect(mailed).toEqual(expect.arrayContaining([ofAll.person, other.person]));
		expect(mailed).not.toContain(world.people.safeguarding.person);
	});

	it('takes no seat lock for a person who may not decide', async () => {
		const { id } = await add({ registration: await referenceOf(world.registrations.delegate) });
		expect(await act(id, 'confirm')).toBe('ok');
		const [match] = await matchesOf(world.people.delegate.person);
		await db.owner.query('begin');
		await setCaller(db.owner, world.people.delegate);
		const answer = await readValue(db.owner, `select public.resolve_watch_list_match($1, $2, true)`, [
			world.summit,
			match?.id
		]);
		const locks = await readValue(
			db.owner,
			`select count(*)::integer from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()`
		);
		await db.owner.query('rollback');
		expect([answer, locks]).toEqual(['not_found', 0]);
	});

	it('takes two different people, to begin and to end an entry', async () => {
		const { safeguarding, owner } = world.people;
		const { id } = await add({ registration: await referenceOf(world.registrations.delegate) });
		expect(await act(id, 'confirm', safeguarding)).toBe('own');
		// A person who acts for the first one does not count as a second person.
		await db.owner.query(
			`insert into public.account_people (account_id, person_id, relation) values ($1, $2, 'assistant')`,
			[second.account, safeguarding.person]
		);
		expect(await act(id, 'confirm')).toBe('own');
		await db.owner.query(`delete from public.account_people where account_id = $1 and relation = 'assistant'`, [
			second.account
		]);
		await db.owner.query(
			`insert into public.account_people (account_id, person_id, relation) values ($1, $2, 'assistant')`,
			[safeguarding.account, second.person]
		);
		expect(await act(id, 'confirm')).toBe('own');
		expect(await isBarred(world.people.delegate.person)).toBe(false);
		expect(await act(id, 'confirm', owner)).toBe('ok');
		expect(await act(id, 'confirm', owner)).toBe('wrong_state');
		expect(await isBarred(world.people.delegate.person)).toBe(true);
		expect(await act(id, 'end', owner)).toBe('wrong_state');
		expect(await act(id, 'ask_end', owner)).toBe('ok');
		expect(await act(id, 'end', owner)).toBe('own');
		expect(await act(id, 'end', safeguarding)).toBe('ok');
		expect(await isBarred(world.people.delegate.person)).toBe(false);
	});

	it('is impossible for an entry about oneself', async () => {
		const { safeguarding } = world.people;
		const { id } = await register(db.owner, second, world.summit, world.member, 'virtual');
		expect(await add({ registration: await referenceOf(id) }, second)).toEqual({ status: 'own' });
		const { id: entry } = await add({ registration: await referenceOf(id) }, safeguarding);
		expect(await act(entry, 'confirm', second)).toBe('own');
		expect(await act(entry, 'refuse', second)).toBe('own');
		const [match] = await matchesOf(second.person);
		expect(await resolve(match?.id ?? '', false, second)).toBe('own');
	});

	it('confirms once, however many try at once', async () => {
		const { id } = await add({ name: 'Somebody Unwanted' });
		const clients = await connectMany(db, 12);
		const answers = await Promise.all(
			clients.map((one) =>
				callAs<string>(one, second, `public.update_watch_list_entry($1, $2, 'confirm')`, [world.summit, id])
			)
		);
		expect(answers.sort()).toEqual(['ok', ...Array<string>(11).fill('wrong_state')]);
	});

	it('refuses an entry that matches nobody, and invalid ones', async () => {
		expect(await add({})).toEqual({ status: 'nothing' });
		expect(await add({ name: ' al-' })).toEqual({ status: 'nothing' });
		expect(await add({ registration: 'NOSUCHREF' })).toEqual({ status: 'unknown_person' });
		expect(await add({ name: 'X', details_sealed: 'zz' })).toEqual({ status: 'invalid' });
		expect(await add({ name: 'X', until: '2020-01-01T00:00:00Z' })).toEqual({ status: 'invalid' });
		expect(await add({ name: 'X', address_hash: 'ab' })).toEqual({ status: 'invalid' });
		for (const until of ['tomorrow-ish', '2030-02-31', '', 'infinity', 7, ['2030-01-01']])
			expect([until, await add({ name: 'X', until })]).toEqual([until, { status: 'invalid' }]);
	});
});

describe('names', () => {
	it.each([
		'José Núñez de la Cruz',
		'Łukasz Żółć',
		'Юлия Щукина-Шевченко',
		'محمد عبد الرحمن',
		'Γιώργος Νικολάου',
		'O’Brien, Seán',
		'Nguyễn Thị Hạnh',
		'Zoë Straße Æbelø',
		'李 小龍',
		''
	])('are normalised in the app as in the database: %s', async (name) => {
		const { rows } = await db.owner.query<{ key: string; skeleton: string }>(
			`select private.name_key($1) as key, array_to_string(private.name_skeletons($1), ' ') as skeleton`,
			[name]
		);
		expect(nameForms(name)).toEqual(rows[0]);
	});
});

describe('at the desk', () => {
	const arrive = async (name: string, country: string | null = null) => {
		const [person] = await makePeople(db.owner, 1);
		if (!person) throw new Error('nobody');
		await db.owner.query(`update public.people set display_name = $2, country = $3 where id = $1`, [
			person.person,
			name,
			country
		]);
		const { id } = await register(db.owner, person, world.summit, world.member, 'virtual');
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
			'needs_a_word',
			'confirmed',
			'confirmed',
			'confirmed'
		]);
		expect(await stateOf(db.owner, namesake.id)).toBe('submitted');
		// One mail for each lead, without a name; none for another try.
		await decide([namesake.id]);
		const { rows: letters } = await db.owner.query(
			`select person_id, params from private.outbox where template = 'word_needed' and summit_id = $1 and person_id = any ($2)`,
			[world.summit, [world.people.safeguarding.person, second.person]]
		);
		expect(letters).toEqual(
			expect.arrayContaining([
				{ person_id: world.people.safeguarding.person, params: {} },
				{ person_id: second.person, params: {} }
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
		expect(await resolve(match?.id ?? '', false, world.people.registration)).toBe('not_found');
		expect(await resolve(match?.id ?? '', false)).toBe('ok');
		expect(await decide([namesake.id])).toMatchObject([{ status: 'confirmed' }]);
		// The decision is stored: a new match stays decided.
		await db.owner.query(`select private.save_watch_list_matches($1)`, [namesake.person.person]);
		expect(await matchesOf(namesake.person.person)).toMatchObject([{ is_same: false }]);
	});

	it('a proposal delays an accreditation, and bars nobody', async () => {
		const { id } = await add({ name: 'Petra Vesela' });
		const guest = await arrive('Petra Vesela');
		expect(await decide([guest.id])).toMatchObject([{ status: 'needs_a_word' }]);
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
		expect(await decide([guest.id])).toMatchObject([{ status: 'needs_a_word' }]);
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
		const list = JSON.stringify(
			await callAs(db.owner, world.people.safeguarding, `public.read_watch_list($1)`, [world.summit])
		);
		expect(await matchesOf(far.person)).toMatchObject([{ level: 'certain' }]);
		expect(list).not.toContain('Petra');
	});

	it('an alias does not evade it, and the list does not say whose it is', async () => {
		const own = nameForms('Zoraida Unwanted');
		const hashes = { name_key_hash: hash(own.key), name_skeleton_hash: hash(own.skeleton) };
		await act((await add({ name: 'Unwanted Zoraida', ...hashes })).id, 'confirm');
		const [person] = await makePeople(db.owner, 1);
		if (!person) throw new Error('nobody');
		const { id } = await register(db.owner, person, world.summit, world.member, 'virtual');
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
					world.summit
				])
			).entries[0]?.matches ?? [];
		expect(await read(world.people.owner)).toEqual([]);
		const [match] = await read(world.people.safeguarding);
		expect(match).toMatchObject({ person: null, level: 'likely', is_same: null });
		await db.owner.query('select private.sweep_deadlines()');
		expect(
			await readValue(
				db.owner,
				`select count(*)::integer from private.outbox where template = 'word_needed' and person_id = any ($1)`,
				[[world.people.safeguarding.person, world.people.owner.person]]
			)
		).toBe(1);
		expect(await resolve(match?.id ?? '', true, world.people.owner)).toBe('not_found');
		expect(await resolve(match?.id ?? '', true)).toBe('ok');
		// The decline is neutral, as for anybody: no reason and no name.
		expect(await stateOf(db.owner, id)).toBe('declined');
		const { id: again } = await register(
			db.owner,
			{
				...person,
				person: await readValue(db.owner, 'select person_id from public.registrations where id = $1', [id])
			},
			world.summit,
			world.member,
			'virtual'
		);
		expect(await decide([again])).toMatchObject([{ status: 'wrong_state', state: 'declined' }]);
	});
});

describe('in force', () => {
	it('the door says stop, and admits again when the entry ends', async () => {
		const { door, owner, safeguarding, delegate } = world.people;
		await db.owner.query(
			`update public.summits set starts_on = (now() at time zone zone)::date - 1, ends_on = (now() at time zone zone)::date + 1 where id = $1`,
			[world.summit]
		);
		const badge = await readValue<string>(db.owner, `select id from public.badges where registration_id = $1`, [
			world.registrations.delegate
		]);
		const knock = () => callAs(db.owner, door, `public.check_badge($1, $2)`, [world.summit, badge]);
		const entry = await barDelegate();
		expect(await knock()).toMatchObject({ answer: 'stop', flags: [] });
		await act(entry, 'ask_end', owner);
		await act(entry, 'end', safeguarding);
		expect(await isBarred(delegate.person)).toBe(false);
		expect(await knock()).toMatchObject({ answer: 'welcome' });
	});

	it('a person inside is removed at once, and the run moves to another room', async () => {
		const { delegate } = world.people;
		const app = await db.connect(db.appUrl);
		const pass = () =>
			readValue<Record<string, unknown>>(app, `select private.stage_pass($1, $2, 'plenary')`, [
				delegate.person,
				world.summit
			]);
		const inside = await pass();
		expect(inside).toMatchObject({ status: 'ok', publish: [] });
		const rights = (name: unknown) =>
			readValue<Record<string, unknown>>(app, `select private.room_rights($1, $2)`, [name, [inside.identity]]);
		expect(await rights(inside.room)).toMatchObject({ is_open: true, rights: { [String(inside.identity)]: [] } });
		const heard: string[] = [];
		const listener = await db.connect();
		listener.on('notification', ({ payload }) => heard.push(payload ?? ''));
		await listener.query('listen live_events');
		await barDelegate();
		expect(await rights(inside.room)).toMatchObject({ is_open: false });
		expect(await pass()).toEqual({ status: 'barred' });
		expect(await callAs(db.owner, delegate, `public.can_enter($1, 'stream')`, [world.sessions.public.id])).toBe(
			'barred'
		);
		await expect
			.poll(() => heard.some((event) => event.includes(`person:${delegate.person}`) && event.includes('rights')))
			.toBe(true);
	});

	it('the entry stays when two records of one person are merged, whatever was decided about the other', async () => {
		const { delegate } = world.people;
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
			registration: await referenceOf(world.registrations.delegate),
			until: new Date(Date.now() + 3_600_000).toISOString()
		});
		await act(id, 'confirm');
		expect(await isBarred(world.people.delegate.person)).toBe(true);
		await db.owner.query(`update private.watch_list_entries set until = now() - interval '1 second' where id = $1`, [
			id
		]);
		await db.owner.query(`select private.sweep_deadlines(now())`);
		expect(await isBarred(world.people.delegate.person)).toBe(false);
	});
});

describe('never revealed', () => {
	it('a decline gives no reason and names nobody, to the person, the focal point and accreditation organisers', async () => {
		const { delegate, focal, registration, safeguarding } = world.people;
		await barDelegate();
		const [match] = await matchesOf(delegate.person);
		expect(await callAs(db.owner, registration, `public.decline_barred($1, $2)`, [world.summit, match?.id])).toBe(
			'not_found'
		);
		expect(await callAs(db.owner, safeguarding, `public.decline_barred($1, $2)`, [world.summit, match?.id])).toBe('ok');
		expect(await callAs(db.owner, safeguarding, `public.decline_barred($1, $2)`, [world.summit, match?.id])).toBe(
			'not_found'
		);
		expect(await stateOf(db.owner, world.registrations.delegate)).toBe('declined');
		const mail = await readValue<Record<string, unknown>>(
			db.owner,
			`select params from private.outbox where template = 'registration_declined' and params ->> 'registration_id' = $1`,
			[world.registrations.delegate]
		);
		expect(mail['reason']).toBe('');
		const words = /safeguard|barred|unwanted|not let in|Another/i;
		const seen = [
			await callAs(db.owner, delegate, `public.my_registration($1)`, [world.summit]),
			await callAs(db.owner, focal, `public.read_delegation($1)`, [world.summit]),
			await callAs(db.owner, registration, `public.read_registration($1)`, [world.registrations.delegate])
		];
		const audit = await callAs<{ entries: { by: unknown; table: string; action: string }[] }>(
			db.owner,
			registration,
			`public.list_audit($1, $2)`,
			[world.summit, JSON.stringify({ registration: world.registrations.delegate })]
		);
		expect(JSON.stringify(seen)).not.toMatch(words);
		expect(JSON.stringify(seen)).not.toContain(safeguarding.name);
		expect(audit.entries.some(({ table, action }) => table === 'public.registrations' && action === 'update')).toBe(
			true
		);
		expect(JSON.stringify(audit)).not.toContain(safeguarding.name);
		expect(JSON.stringify(audit)).not.toMatch(words);
		// Safeguarding and the record itself contain it.
		expect(
			await readValue(
				db.owner,
				`select actor_person from audit.entries where table_name = 'public.registrations' and registration_id = $1 order by id desc limit 1`,
				[world.registrations.delegate]
			)
		).toBe(safeguarding.person);
	});
});
