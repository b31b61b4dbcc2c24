/* The watch list: kept by two people, readable by nobody else, and never revealed. */
import { describe, expect, it } from 'vitest';
import { nameForms } from '../../../src/lib/safeguarding/names.ts';
import { callAs, connectMany, makePeople, register, stateOf, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { actAs, setCaller, makeWorld, type TestPerson } from '../../fixtures/world.ts';
import { useWatchList } from '../../fixtures/watch-listing.ts';

const db = useDatabase();
const list = useWatchList(db);
const { staff, add, act, decide, resolve, matchesOf, referenceOf, isBarred, barDelegate } = list;

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
			const by = list.world.people[kind];
			expect(await callAs(db.owner, by, `public.read_watch_list($1)`, [list.world.summit]), kind).toBeNull();
			expect(await add({ name: 'X' }, by), kind).toEqual({ status: 'not_allowed' });
			expect(await act(id, 'confirm', by), kind).toBe('not_found');
			await expect(actAs(db.owner, by, `select * from private.watch_list_entries`), kind).rejects.toThrow(
				/permission denied/
			);
		}
		for (const by of [list.world.people.safeguarding, list.world.people.owner])
			expect(await callAs(db.owner, by, `public.read_watch_list($1)`, [list.world.summit])).toMatchObject({
				entries: [{ id }]
			});
		const { rows } = await db.owner.query(
			`select actor_person from audit.entries where table_name = 'barred.read' and summit_id = $1 order by id`,
			[list.world.summit]
		);
		expect(rows.map(({ actor_person }) => actor_person)).toEqual([
			list.world.people.safeguarding.person,
			list.world.people.owner.person
		]);
	});

	it('belongs to one Summit: leads of another one neither read nor act, and bar nobody everywhere', async () => {
		const { id } = await add({ name: 'Somebody Unwanted' });
		const other = await makeWorld(db.owner);
		const { safeguarding } = other.people;
		expect(await callAs(db.owner, safeguarding, `public.read_watch_list($1)`, [list.world.summit])).toBeNull();
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

	it('takes a lead of all Summits for a match of an entry for all Summits', async () => {
		const [ofAll, other] = [await staff('safeguarding', null), await staff('safeguarding', null)];
		const { id } = await add({ name: 'Petra Vesela', everywhere: true }, ofAll);
		expect(await act(id, 'confirm', other)).toBe('ok');
		await db.owner.query(`update public.people set display_name = 'Petra Vesela' where id = $1`, [
			list.world.people.delegate.person
		]);
		await db.owner.query(`select private.save_watch_list_matches($1)`, [list.world.people.delegate.person]);
		const [match] = await matchesOf(list.world.people.delegate.person);
		const mayDecide = async (by: TestPerson) =>
			(
				await callAs<{ entries: { matches: { may_decide: boolean }[] }[] }>(
					db.owner,
					by,
					`public.read_watch_list($1)`,
					[list.world.summit]
				)
			).entries[0]?.matches.map(({ may_decide }) => may_decide);
		for (const same of [true, false]) expect(await resolve(match?.id ?? '', same)).toBe('not_found');
		expect(await matchesOf(list.world.people.delegate.person)).toMatchObject([{ is_same: null }]);
		expect([await mayDecide(list.world.people.safeguarding), await mayDecide(ofAll)]).toEqual([[false], [true]]);
		expect(await resolve(match?.id ?? '', true, ofAll)).toBe('ok');
		expect(await isBarred(list.world.people.delegate.person)).toBe(true);
	});

	it('sends a mail to the leads who may decide: those of all Summits for an entry for all', async () => {
		const ofAll = await staff('owner', null);
		const other = await staff('owner', null);
		const { id } = await add({ name: 'Petra Vesela', everywhere: true }, ofAll);
		expect(await act(id, 'confirm', other)).toBe('ok');
		const [person] = await makePeople(db.owner, 1);
		if (!person) throw new Error('nobody');
		await db.owner.query(`update public.people set display_name = 'Petra Vesela' where id = $1`, [person.person]);
		const { id: registration } = await register(db.owner, person, list.world.summit, list.world.member, 'virtual');
		expect(await decide([registration])).toMatchObject([{ status: 'needs_safeguarding' }]);
		const { rows } = await db.owner.query<{ person_id: string }>(
			`select person_id from private.outbox where template = 'safeguarding_needed' and summit_id = $1`,
			[list.world.summit]
		);
		const mailed = rows.map(({ person_id }) => person_id);
		expect(mailed).toEqual(expect.arrayContaining([ofAll.person, other.person]));
		expect(mailed).not.toContain(list.world.people.safeguarding.person);
	});

	it('takes no seat lock for a person who may not decide', async () => {
		const { id } = await add({ registration: await referenceOf(list.world.registrations.delegate) });
		expect(await act(id, 'confirm')).toBe('ok');
		const [match] = await matchesOf(list.world.people.delegate.person);
		await db.owner.query('begin');
		await setCaller(db.owner, list.world.people.delegate);
		const answer = await readValue(db.owner, `select public.resolve_watch_list_match($1, $2, true)`, [
			list.world.summit,
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
		const { safeguarding, owner } = list.world.people;
		const { id } = await add({ registration: await referenceOf(list.world.registrations.delegate) });
		expect(await act(id, 'confirm', safeguarding)).toBe('own');
		// A person who acts for the first one does not count as a second person.
		await db.owner.query(
			`insert into public.account_people (account_id, person_id, relation) values ($1, $2, 'assistant')`,
			[list.second.account, safeguarding.person]
		);
		expect(await act(id, 'confirm')).toBe('own');
		await db.owner.query(`delete from public.account_people where account_id = $1 and relation = 'assistant'`, [
			list.second.account
		]);
		await db.owner.query(
			`insert into public.account_people (account_id, person_id, relation) values ($1, $2, 'assistant')`,
			[safeguarding.account, list.second.person]
		);
		expect(await act(id, 'confirm')).toBe('own');
		expect(await isBarred(list.world.people.delegate.person)).toBe(false);
		expect(await act(id, 'confirm', owner)).toBe('ok');
		expect(await act(id, 'confirm', owner)).toBe('wrong_state');
		expect(await isBarred(list.world.people.delegate.person)).toBe(true);
		expect(await act(id, 'end', owner)).toBe('wrong_state');
		expect(await act(id, 'ask_end', owner)).toBe('ok');
		expect(await act(id, 'end', owner)).toBe('own');
		expect(await act(id, 'end', safeguarding)).toBe('ok');
		expect(await isBarred(list.world.people.delegate.person)).toBe(false);
	});

	it('is impossible for an entry about oneself', async () => {
		const { safeguarding } = list.world.people;
		const { id } = await register(db.owner, list.second, list.world.summit, list.world.member, 'virtual');
		expect(await add({ registration: await referenceOf(id) }, list.second)).toEqual({ status: 'own' });
		const { id: entry } = await add({ registration: await referenceOf(id) }, safeguarding);
		expect(await act(entry, 'confirm', list.second)).toBe('own');
		expect(await act(entry, 'refuse', list.second)).toBe('own');
		const [match] = await matchesOf(list.second.person);
		expect(await resolve(match?.id ?? '', false, list.second)).toBe('own');
	});

	it('confirms once, however many try at once', async () => {
		const { id } = await add({ name: 'Somebody Unwanted' });
		const clients = await connectMany(db, 12);
		const answers = await Promise.all(
			clients.map((one) =>
				callAs<string>(one, list.second, `public.update_watch_list_entry($1, $2, 'confirm')`, [list.world.summit, id])
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

describe('never revealed', () => {
	it('a decline gives no reason and names nobody, to the person, the focal point and accreditation organisers', async () => {
		const { delegate, focal, registration, safeguarding } = list.world.people;
		await barDelegate();
		const [match] = await matchesOf(delegate.person);
		expect(await callAs(db.owner, registration, `public.decline_barred($1, $2)`, [list.world.summit, match?.id])).toBe(
			'not_found'
		);
		expect(await callAs(db.owner, safeguarding, `public.decline_barred($1, $2)`, [list.world.summit, match?.id])).toBe(
			'ok'
		);
		expect(await callAs(db.owner, safeguarding, `public.decline_barred($1, $2)`, [list.world.summit, match?.id])).toBe(
			'not_found'
		);
		expect(await stateOf(db.owner, list.world.registrations.delegate)).toBe('declined');
		const mail = await readValue<Record<string, unknown>>(
			db.owner,
			`select params from private.outbox where template = 'registration_declined' and params ->> 'registration_id' = $1`,
			[list.world.registrations.delegate]
		);
		expect(mail['reason']).toBe('');
		const words = /safeguard|barred|unwanted|not let in|Another/i;
		const seen = [
			await callAs(db.owner, delegate, `public.my_registration($1)`, [list.world.summit]),
			await callAs(db.owner, focal, `public.read_delegation($1)`, [list.world.summit]),
			await callAs(db.owner, registration, `public.read_registration($1)`, [list.world.registrations.delegate])
		];
		const audit = await callAs<{ entries: { by: unknown; table: string; action: string }[] }>(
			db.owner,
			registration,
			`public.list_audit($1, $2)`,
			[list.world.summit, JSON.stringify({ registration: list.world.registrations.delegate })]
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
				[list.world.registrations.delegate]
			)
		).toBe(safeguarding.person);
	});
});
