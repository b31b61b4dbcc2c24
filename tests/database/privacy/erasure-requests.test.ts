/* A person asks to be erased, thinks it over for seven days, and can stop it. */
import { expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { callAs, makePeople, makeSummit, register, readValue } from '../../fixtures/registering.ts';
import { openRuns } from '../../fixtures/level-runs.ts';
import { makeRecordable } from '../../fixtures/recording.ts';
import { makePerson, type TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();

const request = (who: TestPerson | null) => callAs<string>(db.owner, who, `public.request_erasure()`, []);
const stop = (who: TestPerson) => callAs<string>(db.owner, who, `public.stop_erasure()`, []);
const mine = (who: TestPerson) =>
	callAs<{ due_at: string | null; has_role: boolean; summits: unknown[] } | null>(
		db.owner,
		who,
		`public.my_erasure()`,
		[]
	);
const eraseDue = (after: string) =>
	readValue<boolean>(db.app, `select private.erase_due_person(now() + $1::interval)`, [after]);
const nameOf = (who: TestPerson) =>
	readValue<string>(db.owner, `select display_name from public.people where id = $1`, [who.person]);

test('erases seven days after the request, withdraws the registration and ends every sign-in', async () => {
	const { summit, members } = await makeSummit(db.owner);
	const [person] = await makePeople(db.owner, 1);
	if (!person) throw new Error('nobody');
	const { id } = await register(db.owner, person, summit, members[0] ?? '');
	expect(await mine(person)).toMatchObject({ due_at: null, has_role: false, summits: [{}] });
	expect(await request(person)).toBe('ok');
	expect(await request(person)).toBe('already');
	expect((await mine(person))?.due_at).not.toBeNull();
	expect(
		await readValue(db.owner, `select count(*)::integer from private.outbox where template = 'erasure_requested'`)
	).toBe(1);
	expect(await eraseDue('6 days 23 hours')).toBe(false);
	expect(await nameOf(person)).not.toBe('');
	expect(await eraseDue('7 days 1 minute')).toBe(true);
	expect(await eraseDue('7 days 1 minute')).toBe(false);
	expect(await nameOf(person)).toBe('');
	expect(await readValue(db.owner, `select state::text from public.registrations where id = $1`, [id])).toBe(
		'withdrawn'
	);
	expect(
		await readValue(
			db.owner,
			`select count(*)::integer from public.seats where registration_id = $1 and state <> 'released'`,
			[id]
		)
	).toBe(0);
	expect(await readValue(db.owner, `select count(*)::integer from auth.users where id = $1`, [person.account])).toBe(0);
	// The token of the account is worth nothing from now on.
	expect(await mine(person)).toBeNull();
	expect(await request(person)).toBe('not_allowed');
});

test('can be stopped until then, and asked for again', async () => {
	const person = await makePerson(db.owner, 'Stella Second Thought');
	expect(await stop(person)).toBe('none');
	await request(person);
	expect(await stop(person)).toBe('ok');
	expect(await stop(person)).toBe('none');
	expect(await eraseDue('8 days')).toBe(false);
	expect(await nameOf(person)).toBe('Stella Second Thought');
	expect(await request(person)).toBe('ok');
	expect(await stop(person)).toBe('ok');
});

test('refuses who holds a role, waits for one who got it later, and takes no request from an assistant or a visitor', async () => {
	const organiser = await makePerson(db.owner, 'Olga Organiser');
	const later = await makePerson(db.owner, 'Lara Later');
	const principal = await makePerson(db.owner, 'Paula Principal');
	const assistant = await makePerson(db.owner, 'Anton Assistant');
	const grant = (who: TestPerson) =>
		db.owner.query(`insert into public.role_grants (person_id, role) values ($1, 'programme')`, [who.person]);
	await grant(organiser);
	expect(await request(organiser)).toBe('has_role');
	expect(await mine(organiser)).toMatchObject({ has_role: true });
	await request(later);
	await grant(later);
	expect(await eraseDue('8 days')).toBe(false);
	await db.owner.query(`update public.role_grants set ended_at = now() where person_id = $1`, [later.person]);
	expect(await eraseDue('8 days')).toBe(true);
	await db.owner.query(
		`insert into public.account_people (account_id, person_id, relation) values ($1, $2, 'assistant')`,
		[assistant.account, principal.person]
	);
	// What an assistant asks for concerns themselves.
	expect(await request(assistant)).toBe('ok');
	expect(
		await readValue(db.owner, `select count(*)::integer from private.erasure_requests where person_id = $1`, [
			principal.person
		])
	).toBe(0);
	await stop(assistant);
	await expect(request(null)).rejects.toThrow('permission denied');
});

test('makes what the audit kept unreadable for ever, also of records that were merged', async () => {
	const person = await makePerson(db.owner, 'Audrey Audited');
	await db.owner.query(`update public.people set display_name = 'Audrey Renamed' where id = $1`, [person.person]);
	const opened = () =>
		readValue<number>(
			db.owner,
			`select count(*)::integer from audit.entries as e
			where e.person_id = $1 and e.personal is not null and private.open_sealed(e.person_id, e.personal) is not null`,
			[person.person]
		);
	expect(await opened()).toBeGreaterThan(0);
	await db.owner.query(
		`with former as (select gen_random_uuid() as id), keys as (insert into private.person_keys (person_id) select id from former)
		insert into private.former_ids (former_id, person_id) select id, $1 from former`,
		[person.person]
	);
	await db.owner.query(`select private.erase_person($1)`, [person.person]);
	expect(await opened()).toBe(0);
	expect(
		await readValue(
			db.owner,
			`select count(*)::integer from private.person_keys where key = '' and created_at > now() - interval '1 minute'`
		)
	).toBeGreaterThanOrEqual(2);
});

test('erases once when two processes and the person act at the same moment', async () => {
	const person = await makePerson(db.owner, 'Rita Race');
	await request(person);
	const connections = await Promise.all(Array.from({ length: 6 }, () => db.connect(db.appUrl)));
	const [stopped, ...erased] = await Promise.all([
		stop(person),
		...connections.map((each) => readValue<boolean>(each, `select private.erase_due_person(now() + interval '8 days')`))
	]);
	const times = erased.filter(Boolean).length;
	expect([times, stopped]).toEqual(times === 1 ? [1, 'none'] : [0, 'ok']);
	expect(
		await readValue(
			db.owner,
			`select count(*)::integer from audit.entries where table_name = 'person.erased' and person_id = $1`,
			[person.person]
		)
	).toBe(times);
});

test('seals the recordings in which the person speaks, whose session stays without their name', async () => {
	const { world, session } = await makeRecordable(db.owner);
	const { speaker } = world.people;
	await openRuns(db.owner, world);
	const recording = await readValue<string>(
		db.owner,
		`with made as (
			insert into private.recordings (run_id, session_id, summit_id, level, state)
			select id, session_id, summit_id, level, 'stopped' from public.runs where session_id = $1 returning id
		)
		insert into private.recording_people (recording_id, person_id) select id, $2 from made returning recording_id`,
		[session, speaker.person]
	);
	const parts = () =>
		readValue<number>(db.owner, `select count(*)::integer from public.session_people where person_id = $1`, [
			speaker.person
		]);
	const before = await parts();
	await db.owner.query(`select private.erase_person($1)`, [speaker.person]);
	expect(await readValue(db.owner, `select state::text from private.recordings where id = $1`, [recording])).toBe(
		'sealed'
	);
	expect([await parts(), await nameOf(speaker)]).toEqual([before, '']);
});

test('forgets the address in invitations, offers and codes, and keeps it where safeguarding needs it', async () => {
	const { summit, members, organiser } = await makeSummit(db.owner);
	const person = await makePerson(db.owner, 'Ines Invited');
	const hash = Buffer.alloc(32, 77);
	const sealed = Buffer.alloc(40, 7);
	await db.owner.query(
		`insert into private.person_addresses (person_id, address_hash, address_sealed, key_id) values ($1, $2, $3, 'k')`,
		[person.person, hash, sealed]
	);
	await db.owner.query(
		`insert into private.invitations (summit_id, member_id, mode, address_hash, address_sealed, key_id, address_mask, expires_at, used_at)
		values ($1, $2, 'in_person', $3, $4, 'k', 'i…s@example.org', now() + interval '1 day', now()),
			($1, $2, 'virtual', $3, $4, 'k', 'i…s@example.org', now() + interval '1 day', null)`,
		[summit, members[0], hash, sealed]
	);
	await db.owner.query(
		`insert into private.sign_in_challenges (address_hash, code_hash, expires_at) values ($1, $1, now() + interval '1 hour')`,
		[hash]
	);
	await db.owner.query(
		`insert into private.assistant_invitations (person_id, address_hash, address_sealed, key_id, scope, until) values ($1, $2, $3, 'k', 'all', now() + interval '1 day')`,
		[organiser.person, hash, sealed]
	);
	await db.owner.query(
		`insert into private.desk_lookups (summit_id, by_id, address_hash, kind) values ($1, $2, $3, 'search')`,
		[summit, organiser.person, hash]
	);
	await db.owner.query(`select private.erase_person($1)`, [person.person]);
	const { rows } = await db.owner.query<{ name: string }>(
		`select distinct c.oid::regclass::text as name from pg_class as c
		join pg_attribute as a on a.attrelid = c.oid and a.atttypid = 'bytea'::regtype
		where c.relkind = 'r' and c.relnamespace::regnamespace::text in ('public', 'private') order by 1`
	);
	const found: string[] = [];
	for (const { name } of rows)
		if (
			await readValue<boolean>(
				db.owner,
				`select exists (select from ${name} as t where strpos(t::text, $1) > 0 or strpos(t::text, $2) > 0)`,
				[hash.toString('hex'), sealed.toString('hex')]
			)
		)
			found.push(name);
	expect(found).toEqual(['private.desk_lookups']);
	expect(
		(
			await db.owner.query(
				`select address_mask, used_at is not null as used, revoked_at is not null as revoked from private.invitations where summit_id = $1 order by used_at`,
				[summit]
			)
		).rows
	).toEqual([
		{ address_mask: '…', used: true, revoked: false },
		{ address_mask: '…', used: false, revoked: true }
	]);
});
