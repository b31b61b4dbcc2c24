/*
 * The page of a guardian about one minor: for the guardian alone, while they are one; nothing about anybody else; and
 * what they may change for the minor.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { makePerson, makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
let young: TestPerson;
let guardian: TestPerson;
let registration: string;
let items: Record<'photographs' | 'directory' | 'terms', string>;

interface Ward {
	display_name: string;
	is_photo_forbidden: boolean;
	forbids_photographs: boolean;
	door: object | null;
	consents: { key: string; by_guardian: boolean; given_at: string | null; withdrawn_at: string | null }[];
	sessions: { level: string; slots: { rooms: unknown[] }[]; session: { code: string; content_note: object } | null }[];
	questions: { body: string; state: string; title: object | null }[];
	assistants: { display_name: string }[];
}

const read = (who: TestPerson | null, which = registration) =>
	callAs<Ward | null>(db.owner, who, 'public.read_ward($1)', [which]);
const setConsent = (who: TestPerson, item: string, given: boolean) =>
	callAs<string>(db.owner, who, 'public.set_ward_consent($1, $2, $3)', [registration, item, given]);
const setPhotographs = (who: TestPerson, forbidden: boolean) =>
	callAs<string>(db.owner, who, 'public.set_ward_photographs($1, $2)', [registration, forbidden]);
const contact = (who: TestPerson) =>
	callAs<{ status: string }>(db.owner, who, 'public.read_ward_emergency_contact($1)', [registration]);
const write = (sql: string, values: unknown[] = []) => db.owner.query(sql, values);
const stateOf = (key: string) =>
	readValue<boolean>(
		db.owner,
		`select c.withdrawn_at is null and c.given_at is not null from public.consents as c join public.consent_items as i on i.id = c.item_id where c.registration_id = $1 and i.key = $2`,
		[registration, key]
	);

beforeEach(async () => {
	world = await makeWorld(db.owner);
	({ virtual: young, delegate: guardian } = world.people);
	registration = world.registrations.virtual;
	await write(
		`update public.registrations set is_minor = true, guardian_id = $2, guardian_consent_at = now() where id = $1`,
		[registration, world.registrations.delegate]
	);
	const made = await db.owner.query<{ id: string; key: keyof typeof items }>(
		`insert into public.consent_items (summit_id, key, label, is_required)
		select $1, key, jsonb_build_object('original', 'en', 'en', key), key = 'terms' from unnest('{photographs,directory,terms}'::text[]) as key
		returning id, key`,
		[world.summit]
	);
	items = Object.fromEntries(made.rows.map(({ id, key }) => [key, id])) as typeof items;
	await write(
		`insert into public.consents (registration_id, person_id, item_id, given_at) select $1, $2, unnest($3::uuid[]), now()`,
		[registration, young.person, [items.photographs, items.terms]]
	);
});

const nobody = () => [
	young,
	...Object.entries(world.people)
		.filter(([kind]) => kind !== 'delegate' && kind !== 'virtual')
		.map(([, person]) => person)
];

describe('the page of a ward', () => {
	test('is read by the guardian alone', async () => {
		expect((await read(guardian))?.display_name).toBe(young.name);
		await expect(read(null)).rejects.toThrow('permission denied');
		for (const who of nobody()) {
			expect(await read(who)).toBeNull();
			expect([
				await setConsent(who, items.photographs, false),
				await setPhotographs(who, true),
				(await contact(who)).status
			]).toEqual(['not_found', 'not_found', 'not_found']);
		}
		// A guardian of one minor is no guardian of another, nor of an adult.
		for (const other of Object.values(world.registrations))
			if (other !== registration) expect(await read(guardian, other)).toBeNull();
		expect(await stateOf('photographs')).toBe(true);
	});

	test('is not read by an assistant of the guardian', async () => {
		const assistant = await makePerson(db.owner, 'An assistant');
		await write(`insert into public.account_people (account_id, person_id, relation) values ($1, $2, 'assistant')`, [
			assistant.account,
			guardian.person
		]);
		expect([await read(assistant), await setPhotographs(assistant, true)]).toEqual([null, 'not_found']);
	});

	test('is gone with the guardian, whose erasure a minor does not prevent', async () => {
		await write('select private.erase_person($1)', [guardian.person]);
		expect(await read(guardian)).toBeNull();
		expect(
			await readValue<boolean>(db.owner, `select private.guardian_allows($1, $2, 'part')`, [
				young.person,
				world.sessions.members.id
			])
		).toBe(false);
	});

	const endings: [string, string][] = [
		['the ward is of age', `update public.registrations set is_minor = false where id = $1`],
		['another guardian is named', `update public.registrations set guardian_id = $2 where id = $1`],
		[
			'the guardian has not consented',
			`update public.registrations set state = 'draft', guardian_consent_at = null where id = $1`
		],
		['the ward withdrew', `update public.registrations set state = 'withdrawn' where id = $1`],
		['the guardian withdrew', `update public.registrations set state = 'withdrawn' where id = $3`],
		[
			'the guardian is a minor',
			`update public.registrations set is_minor = true, guardian_id = $2, guardian_consent_at = now() where id = $3`
		],
		['the Summit is archived', `update public.summits set state = 'archived' where id = $4`]
	];
	test.each(endings)('is gone once %s', async (_, sql) => {
		expect(await read(guardian)).not.toBeNull();
		const values = [registration, world.registrations.speaker, world.registrations.delegate, world.summit];
		await write('set session_replication_role = replica');
		const used = [...new Set([...sql.matchAll(/\$(\d)/g)].map(([, n]) => Number(n)))].sort();
		await write(
			sql.replace(/\$(\d)/g, (_all, n: string) => `$${used.indexOf(Number(n)) + 1}`),
			used.map((n) => values[n - 1])
		);
		await write('set session_replication_role = origin');
		expect(await read(guardian)).toBeNull();
		expect([
			await setConsent(guardian, items.photographs, false),
			await setPhotographs(guardian, true),
			(await contact(guardian)).status
		]).toEqual(['not_found', 'not_found', 'not_found']);
	});

	test('names sessions that the guardian may see, and of others only level and times', async () => {
		const { sessions } = world;
		await write(
			`update public.sessions set content_note = '{"original":"en","en":"Abuse is described."}' where summit_id = $1`,
			[world.summit]
		);
		await callAs(db.owner, world.people.programme, 'public.publish_release($1)', [world.summit]);
		await write(
			`insert into public.session_audiences (session_id, summit_id, person_id) select id, summit_id, $2 from public.sessions where id = $1`,
			[sessions.closed.id, young.person]
		);
		await write(`insert into public.agenda_marks (person_id, session_id) select $1, unnest($2::uuid[])`, [
			young.person,
			[sessions.closed.id, sessions.members.id]
		]);
		const shown = (await read(guardian))?.sessions ?? [];
		const closed = shown.find(({ level }) => level === 'closed');
		expect(closed?.session).toBeNull();
		expect(closed?.slots.every(({ rooms }) => rooms.length === 0)).toBe(true);
		const text = JSON.stringify(closed);
		for (const word of [sessions.closed.code, sessions.closed.title, 'Abuse']) expect(text).not.toContain(word);
		expect(shown.find(({ level }) => level === 'members')).toMatchObject({
			session: { code: sessions.members.code, content_note: { en: 'Abuse is described.' } }
		});
	});

	test('shows questions under the ward’s name with their state, and nobody else’s', async () => {
		const ask = (level: 'members' | 'chatham_house', who: string | null, body: string) =>
			write(
				`insert into private.session_questions (session_id, summit_id, person_id, asker_hash, body, shown_as, level)
				values ($1, $2, $3, $4, $5, 'nobody', $6)`,
				[world.sessions[level].id, world.summit, who, who === null ? Buffer.from('x') : null, body, level]
			);
		await ask('members', young.person, 'Mine');
		await ask('members', world.people.speaker.person, 'Another');
		await ask('chatham_house', null, 'Nameless');
		expect((await read(guardian))?.questions).toMatchObject([{ body: 'Mine', state: 'asked' }]);
	});

	test('says whether the ward is in the building, and never in which room', async () => {
		await write('select private.ensure_checkpoints($1)', [world.summit]);
		await write(
			`insert into public.checkpoints (summit_id, kind, name, room_id) values ($1, 'room', '{"original":"en","en":"Room"}', $2)`,
			[world.summit, world.room]
		);
		const enter = (kind: string, left: boolean) =>
			write(
				`with point as (select * from public.checkpoints where summit_id = $1 and kind::text = $3 limit 1),
				scan as (insert into private.door_scans (id, summit_id, checkpoint_id, place, badge_id, person_id, direction, scanned_at, answer, is_counted, day)
					select gen_random_uuid(), $1, id, place, null, $2, 'in', now(), 'welcome', true, private.door_day($1) from point returning *)
				insert into private.door_periods (summit_id, person_id, place, checkpoint_id, scan_id, day, entered_at, left_at)
				select summit_id, person_id, place, checkpoint_id, id, day, scanned_at, case when $4 then scanned_at end from scan`,
				[world.summit, young.person, kind, left]
			);
		expect((await read(guardian))?.door).toBeNull();
		await enter('room', false);
		expect((await read(guardian))?.door).toBeNull();
		await enter('entrance', true);
		expect((await read(guardian))?.door).toMatchObject({ is_inside: false, left_at: expect.any(String) });
		await enter('entrance', false);
		expect((await read(guardian))?.door).toEqual({
			is_inside: true,
			came_at: expect.any(String),
			left_at: null
		});
	});

	test('names who acts for the ward, and no concern about anybody', async () => {
		const helper = await makePerson(db.owner, 'A helper of the ward');
		await write(
			`insert into public.account_people (account_id, person_id, relation, scope) values ($1, $2, 'assistant', 'speaking')`,
			[helper.account, young.person]
		);
		const ward = await read(guardian);
		expect(ward?.assistants).toEqual([{ display_name: helper.name, scope: 'speaking', until: null }]);
		expect(JSON.stringify(ward)).not.toMatch(/concern/i);
	});
});

describe('what a guardian changes', () => {
	test('withdraws a consent until they take it back, and the ward cannot give it meanwhile', async () => {
		const giveAgain = () =>
			write(`select private.save_consents_step(r, $2) from public.registrations as r where r.id = $1`, [
				registration,
				{ consents: { [items.photographs]: true } }
			]);
		expect([await setConsent(guardian, items.photographs, false), await stateOf('photographs')]).toEqual(['ok', false]);
		expect((await read(guardian))?.consents.find(({ key }) => key === 'photographs')).toMatchObject({
			by_guardian: true,
			given_at: expect.any(String)
		});
		await giveAgain();
		expect([await stateOf('photographs'), (await read(guardian))?.is_photo_forbidden]).toEqual([false, true]);
		expect([await setConsent(guardian, items.photographs, true), await stateOf('photographs')]).toEqual(['ok', true]);
		expect((await read(guardian))?.is_photo_forbidden).toBe(false);
	});

	test('agrees to nothing in the ward’s place, and withdraws nothing that is required', async () => {
		expect([
			await setConsent(guardian, items.directory, true),
			await setConsent(guardian, items.terms, false),
			await setConsent(guardian, world.summit, false)
		]).toEqual(['not_given', 'required', 'not_given']);
		await write(`update public.consents set withdrawn_at = now() where registration_id = $1 and item_id = $2`, [
			registration,
			items.photographs
		]);
		expect(await setConsent(guardian, items.photographs, true)).toBe('not_given');
		await write(`update public.consents set withdrawn_at = null where registration_id = $1`, [registration]);
		await setConsent(guardian, items.photographs, false);
		await write(`update public.consent_items set label = '{"original":"en","en":"Other words"}' where id = $1`, [
			items.photographs
		]);
		expect([await setConsent(guardian, items.photographs, true), await stateOf('photographs')]).toEqual([
			'reworded',
			false
		]);
	});

	test('forbids photographs beside the ward’s own wish, and gives no agreement of another guardian’s', async () => {
		await write(
			`insert into private.guardian_stage_agreements (registration_id, guardian_id, on_stage, recorded) values ($1, $2, true, true)`,
			[registration, world.registrations.speaker]
		);
		expect(await setPhotographs(guardian, true)).toBe('ok');
		expect(await read(guardian)).toMatchObject({
			is_photo_forbidden: true,
			forbids_photographs: true,
			stage: { on_stage: false, recorded: false }
		});
		// With another guardian it stays, until that one says otherwise.
		await write(`update public.registrations set guardian_id = $2 where id = $1`, [
			registration,
			world.registrations.listed
		]);
		expect(await read(world.people.listed)).toMatchObject({ is_photo_forbidden: true, stage: null });
		expect(await setPhotographs(world.people.listed, false)).toBe('ok');
		expect((await read(world.people.listed))?.is_photo_forbidden).toBe(false);
	});

	test('opens the emergency contact, which is recorded each time', async () => {
		expect((await contact(guardian)).status).toBe('none');
		await write(
			`insert into private.emergency_contacts (registration_id, contact_sealed, key_id) values ($1, '\\x00', 'k')`,
			[registration]
		);
		expect((await contact(guardian)).status).toBe('ok');
		expect(
			await readValue<number>(
				db.owner,
				`select count(*)::int from audit.entries where table_name = 'emergency_contact.read' and person_id = $1`,
				[young.person]
			)
		).toBe(1);
	});

	test('is audited for safeguarding, and tells registration organisers nothing of who the guardian is', async () => {
		await setConsent(guardian, items.photographs, false);
		await setPhotographs(guardian, true);
		await callAs(db.owner, guardian, 'public.agree_for_minor($1, true, false)', [registration]);
		expect(
			await readValue<number>(
				db.owner,
				`select count(*)::int from audit.entries where actor_person = $1 and table_name in ('public.consents', 'private.guardian_stage_agreements')`,
				[guardian.person]
			)
		).toBe(3);
		// Their consent, too, names nobody; nor when another guardian is named.
		const entries = async (filters = {}) =>
			(
				await callAs<{ entries: { by: object; table: string; subject: { id: string } | null }[] }>(
					db.owner,
					world.people.registration,
					'public.list_audit($1, $2)',
					[world.summit, filters]
				)
			).entries.filter(({ subject }) => subject?.id === registration);
		for (const after of [world.registrations.delegate, world.registrations.speaker]) {
			await write('set session_replication_role = replica');
			await write(`update public.registrations set guardian_id = $2 where id = $1`, [registration, after]);
			await write('set session_replication_role = origin');
			const about = await entries();
			expect(about.filter(({ table }) => table === 'private.guardian_stage_agreements')).toMatchObject([
				{ by: { kind: 'guardian' } },
				{ by: { kind: 'guardian' } }
			]);
			expect(JSON.stringify(about)).not.toContain(guardian.name);
			expect(await entries({ actor: guardian.name })).toEqual([]);
		}
	});
});
