/* Announcements: who may make them, whom they reach, and that each is made once, read, counted and withdrawn. */
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { beforeEach, describe, expect, test } from 'vitest';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { personKinds, makeWorld, type PersonKind, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;

beforeEach(async () => (world = await makeWorld(db.owner)));

interface Answer {
	status: string;
	id?: string;
	people?: number;
	fault?: string;
}
interface Told {
	id: string;
	title: string;
	language: string;
	seen: boolean;
}

const words = { en: { title: 'Lunch is late', body: 'By half an hour.' }, fr: { title: 'Le déjeuner est en retard' } };
const written = { texts: words, original: 'en', page: '/agenda', urgent: false, push: true, mail: false, minutes: 60 };

const announce = (who: TestPerson | null, target: object, change: object = {}, once: string | null = randomUUID()) =>
	callAs<Answer>(db.owner, who, 'public.announce($1, $2, $3, $4)', [
		world.summit,
		once,
		target,
		{ ...written, ...change }
	]);
// Null while the Summit shows nothing to anybody.
const deliver = (who: TestPerson) =>
	readValue<Told[] | null>(db.app, 'select private.deliver_announcements($1, $2)', [who.person, world.summit]);
const taken = async (who: TestPerson) => (await deliver(who)) ?? [];
const see = (who: TestPerson, ids: string[], away = false) =>
	callAs<number>(db.owner, who, 'public.mark_announcements_seen($1, $2)', [ids, away]);
const list = (who: TestPerson) =>
	callAs<Record<string, unknown>[] | null>(db.owner, who, 'public.list_announcements($1)', [world.summit]);

async function reached(): Promise<string[]> {
	const found: string[] = [];
	for (const kind of personKinds) if ((await taken(world.people[kind])).length > 0) found.push(kind);
	return found;
}

describe('who may announce', () => {
	test('organisers of agenda, registration, stage or safeguarding, and owners', async () => {
		const allowed: string[] = [];
		for (const kind of personKinds) {
			const who = world.people[kind];
			const { status } = await announce(who, { audience: 'everyone' });
			const listed = (await list(who)) !== null;
			expect(listed, kind).toBe(status === 'ok');
			if (status === 'ok') allowed.push(kind);
			else expect(status).toBe('not_allowed');
		}
		expect(allowed).toEqual(['programme', 'registration', 'stage', 'safeguarding', 'owner']);
		await expect(announce(null, { audience: 'everyone' })).rejects.toThrow(/permission denied/);
	});

	test('to a closed session only people who may see it; its title is in no list of others', async () => {
		const target = { audience: 'session', session: world.sessions.closed.id };
		expect((await announce(world.people.registration, target)).status).toBe('not_allowed');
		expect((await announce(world.people.programme, target)).status).toBe('ok');
		expect(JSON.stringify(await list(world.people.registration))).not.toContain(world.sessions.closed.title);
		expect(JSON.stringify(await list(world.people.programme))).toContain(world.sessions.closed.title);
	});
});

describe('whom it reaches', () => {
	const confirmed: PersonKind[] = ['delegate', 'virtual', 'speaker', 'listed'];

	test('to everyone: confirmed people and people with a role, in their language or else the author’s', async () => {
		await db.owner.query(`insert into public.person_preferences (person_id, locale) values ($1, 'fr'), ($2, 'ar')`, [
			world.people.delegate.person,
			world.people.virtual.person
		]);
		const { people } = await announce(world.people.programme, { audience: 'everyone' });
		const kinds = await reached();
		expect(kinds).toEqual(expect.arrayContaining([...confirmed, 'door', 'owner']));
		expect(kinds).not.toContain('newcomer');
		expect(kinds).not.toContain('waiting');
		expect(people).toBe(kinds.length);
		expect(await taken(world.people.delegate)).toMatchObject([{ language: 'fr', title: words.fr.title }]);
		expect(await taken(world.people.virtual)).toMatchObject([{ language: 'en', title: words.en.title }]);
	});

	test('shows on a page the page’s language if it was written, else the reader’s; mail and push use the reader’s', async () => {
		const { delegate, virtual } = world.people;
		await db.owner.query(`insert into public.person_preferences (person_id, locale) values ($1, 'fr'), ($2, 'ar')`, [
			delegate.person,
			virtual.person
		]);
		const texts = { ...words, ar: { title: 'تأخر الغداء' } };
		const { id } = await announce(world.people.programme, { audience: 'everyone' }, { texts });
		const on = async (who: TestPerson, page: string) => {
			const [shown] = await readValue<Told[]>(db.app, 'select private.deliver_announcements($1, $2, $3)', [
				who.person,
				world.summit,
				page
			]);
			const [listed] = await callAs<Told[]>(db.owner, who, 'public.list_my_announcements($1, $2)', [
				world.summit,
				page
			]);
			expect(listed).toEqual(shown);
			return [shown?.language, shown?.title];
		};
		expect(await on(delegate, 'ar')).toEqual(['ar', texts.ar.title]);
		expect(await on(delegate, 'en')).toEqual(['en', words.en.title]);
		expect(await on(delegate, 'es')).toEqual(['fr', words.fr.title]);
		expect(await on(virtual, 'es')).toEqual(['ar', texts.ar.title]);
		// Without a saved language it falls back to the author's.
		expect(await on(world.people.speaker, 'es')).toEqual(['en', words.en.title]);
		const saved = `select jsonb_object_agg(person_id, locale) from private.announcement_readers where announcement_id = $1 and person_id in ($2, $3)`;
		expect(await readValue(db.owner, saved, [id, delegate.person, virtual.person])).toEqual({
			[delegate.person]: 'fr',
			[virtual.person]: 'ar'
		});
	});

	test.each([
		[{ audience: 'mode', mode: 'in_person' }, ['delegate', 'speaker']],
		[{ audience: 'mode', mode: 'virtual' }, ['virtual', 'listed']],
		[{ audience: 'language', language: 'en' }, confirmed]
	])('%o', async (target, expected) => {
		await announce(world.people.programme, target);
		expect(await reached()).toEqual(expected);
	});

	test('to a session: people in it, people who starred or attend it and may see it; its participants only when requested', async () => {
		const { closed, members } = world.sessions;
		const mark = `insert into public.agenda_marks (person_id, session_id) values ($1, $2)`;
		await db.owner.query(mark, [world.people.delegate.person, closed.id]);
		await db.owner.query(mark, [world.people.listed.person, closed.id]);
		await db.owner.query(
			`insert into public.presence (summit_id, person_id, session_id, kind) values ($1, $2, $3, 'stream')`,
			[world.summit, world.people.virtual.person, members.id]
		);
		await announce(world.people.stage, { audience: 'session', session: closed.id });
		expect(await reached()).toEqual(['speaker', 'listed']);
		await announce(world.people.stage, { audience: 'session_people', session: closed.id });
		expect((await taken(world.people.speaker)).length).toBe(2);
		await announce(world.people.stage, { audience: 'room', room: world.room });
		// The current session and the next one are in that room; people of later sessions are not included.
		expect((await reached()).sort()).toEqual(['listed', 'speaker', 'virtual']);
		expect((await taken(world.people.listed)).length).toBe(1);
	});

	test('to a session: people on its list or with a place in it, starred or not, and nobody who only may enter', async () => {
		const { closed, members } = world.sessions;
		await announce(world.people.stage, { audience: 'session', session: closed.id });
		expect(await reached()).toEqual(['speaker', 'listed']);
		await announce(world.people.stage, { audience: 'session_people', session: closed.id });
		expect((await taken(world.people.listed)).length).toBe(1);
		await db.owner.query(
			`insert into private.session_places (session_id, summit_id, hall, enforced_at_entry) values ($1, $2, 5, 'door')`,
			[members.id, world.summit]
		);
		await db.owner.query(
			`insert into private.session_signups (session_id, person_id, channel, state, rank) values ($1, $2, 'hall', 'placed', 1)`,
			[members.id, world.people.delegate.person]
		);
		await announce(world.people.stage, { audience: 'session', session: members.id });
		expect((await taken(world.people.delegate)).length).toBe(1);
		expect(await taken(world.people.virtual)).toEqual([]);
	});

	test('reaches people who join the audience while it is shown, but not once it is over or withdrawn', async () => {
		const { id } = await announce(world.people.programme, { audience: 'everyone' });
		expect(await taken(world.people.newcomer)).toEqual([]);
		await db.owner.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, 'door', $2)`, [
			world.people.newcomer.person,
			world.summit
		]);
		expect((await taken(world.people.newcomer)).length).toBe(1);
		await db.owner.query(
			`update private.announcements set created_at = now() - interval '2 hours', shown_until = now() - interval '1 hour' where id = $1`,
			[id]
		);
		expect(await reached()).toEqual([]);
		const mine = await callAs<Told[]>(db.owner, world.people.delegate, 'public.list_my_announcements($1)', [
			world.summit
		]);
		expect(mine.map((one) => one.id)).toEqual([id]);
	});

	test('is hidden from people who may no longer see the session', async () => {
		await announce(world.people.programme, { audience: 'session_people', session: world.sessions.closed.id });
		expect((await taken(world.people.speaker)).length).toBe(1);
		await db.owner.query(`delete from public.session_people where person_id = $1`, [world.people.speaker.person]);
		expect(await taken(world.people.speaker)).toEqual([]);
		expect(await callAs(db.owner, world.people.speaker, 'public.list_my_announcements($1)', [world.summit])).toEqual(
			[]
		);
	});
});

describe('one announcement', () => {
	test('results from any number of submissions of the form, also at the same time', async () => {
		const once = randomUUID();
		const second = await db.connect();
		const send = (client: pg.Client) =>
			callAs<Answer>(client, world.people.programme, 'public.announce($1, $2, $3, $4)', [
				world.summit,
				once,
				{ audience: 'everyone' },
				written
			]);
		const answers = await Promise.all([send(db.owner), send(second)]);
		expect(answers.map(({ status }) => status).sort()).toEqual(['already', 'ok']);
		expect((await taken(world.people.delegate)).length).toBe(1);
	});

	test.each([
		[{ audience: 'everyone' }, { texts: {} }],
		[{ audience: 'everyone' }, { original: 'ar' }],
		[{ audience: 'everyone' }, { texts: { en: { title: ' ' } } }],
		[{ audience: 'everyone' }, { texts: { en: { title: 'x'.repeat(121) } } }],
		[{ audience: 'everyone' }, { minutes: 0 }],
		[{ audience: 'everyone' }, { minutes: null }],
		[{ audience: 'planet' }, {}],
		[{ audience: 'room', room: randomUUID() }, {}],
		[{ audience: 'session', session: 'x' }, {}],
		[{}, {}]
	])('%o %o is refused', async (target, change) => {
		expect((await announce(world.people.programme, target, change)).status).toBe('invalid');
	});

	test('is refused when it would reach nobody', async () => {
		const target = { audience: 'language', language: 'ar' };
		expect((await announce(world.people.programme, target)).status).toBe('nobody');
		expect(await list(world.people.programme)).toEqual([]);
	});
});

test('a Summit that shows nothing says so, and its pages need not ask again', async () => {
	const callAs = (summit: string) =>
		readValue(db.app, 'select private.deliver_announcements($1, $2)', [world.people.delegate.person, summit]);
	expect(await callAs(randomUUID())).toBeNull();
	expect((await announce(world.people.stage, { audience: 'everyone' })).status).toBe('ok');
	expect(await callAs(world.summit)).not.toBeNull();
});

test('is delivered, seen and counted; nobody can see it for others; a withdrawn one disappears', async () => {
	const { id = '' } = await announce(world.people.programme, { audience: 'mode', mode: 'in_person' }, { urgent: true });
	await taken(world.people.delegate);
	expect(await see(world.people.virtual, [id], true)).toBe(0);
	// Having an urgent announcement on the screen does not count as reading it.
	expect(await see(world.people.delegate, [id])).toBe(0);
	expect((await taken(world.people.delegate)).length).toBe(1);
	expect(await see(world.people.delegate, [id], true)).toBe(1);
	expect(await see(world.people.delegate, [id], true)).toBe(0);
	expect(await taken(world.people.delegate)).toEqual([]);
	expect(await list(world.people.stage)).toMatchObject([{ people: 2, delivered: 1, seen: 1, urgent: true }]);
	const withdraw = (who: TestPerson) => callAs<string>(db.owner, who, 'public.withdraw_announcement($1)', [id]);
	expect(await withdraw(world.people.door)).toBe('not_allowed');
	expect(await withdraw(world.people.stage)).toBe('ok');
	expect(await withdraw(world.people.stage)).toBe('already');
	expect(await taken(world.people.speaker)).toEqual([]);
});

test('is sent by mail to people with a working address, with its text; for a closed session without', async () => {
	const address = `insert into private.person_addresses (person_id, address_sealed, key_id, address_hash, is_primary) values ($1, '\\x00', 'k', $2, true)`;
	await db.owner.query(address, [world.people.speaker.person, Buffer.from(randomUUID())]);
	await announce(world.people.programme, { audience: 'everyone' }, { mail: true });
	await announce(world.people.programme, { audience: 'session', session: world.sessions.closed.id }, { mail: true });
	const { rows } = await db.app.query<{ template: string; wording: unknown }>(
		`select template, wording from private.claim_mail(10) where template = 'announcement'`
	);
	expect(rows.map(({ wording }) => wording)).toEqual(
		expect.arrayContaining([{ subject: words.en.title, body: words.en.body }, null])
	);
	expect(rows.length).toBe(2);
});

test('the list of mails does not reveal who stars a session or is in a room', async () => {
	const { people, sessions, summit } = world;
	for (const kind of personKinds)
		await db.owner.query(
			`insert into private.person_addresses (person_id, address_hash, address_sealed, key_id, verified_at) values ($1, $2, $2, 'k', now()) on conflict do nothing`,
			[people[kind].person, Buffer.from(people[kind].person)]
		);
	const listed = async () =>
		(
			await callAs<{ rows: { template: string; display_name: string | null }[] }>(
				db.owner,
				people.registration,
				`public.list_mail($1, 'queued')`,
				[summit]
			)
		).rows.filter(({ template }) => template === 'announcement');
	for (const target of [
		{ audience: 'session', session: sessions.closed.id },
		{ audience: 'session_people', session: sessions.closed.id },
		{ audience: 'room', room: world.room }
	])
		expect(await announce(people.programme, target, { mail: true })).toMatchObject({ status: 'ok' });
	const unnamed = await listed();
	expect(unnamed.length).toBeGreaterThan(2);
	expect(unnamed.filter(({ display_name }) => display_name !== null)).toEqual([]);
	await announce(people.programme, { audience: 'mode', mode: 'virtual' }, { mail: true });
	expect((await listed()).map(({ display_name }) => display_name)).toContain(people.virtual.name);
});

test('people in a room by door scan are notified, and their names are forgotten when the session is over', async () => {
	const inside = `with checkpoint as (
			select c.id from public.checkpoints as c where c.room_id = $3
		), scan as (
			insert into private.door_scans (id, summit_id, checkpoint_id, place, person_id, direction, scanned_at, answer, is_counted, day)
			select gen_random_uuid(), $1, checkpoint.id, 'room', $2, 'in', now(), 'welcome', true, private.door_day($1) from checkpoint returning *
		) insert into private.door_periods (summit_id, person_id, place, checkpoint_id, scan_id, day, entered_at)
		select summit_id, person_id, place, checkpoint_id, id, day, scanned_at from scan`;
	await db.owner.query('select private.ensure_checkpoints($1)', [world.summit]);
	await db.owner.query(inside, [world.summit, world.people.delegate.person, world.room]);
	const { id } = await announce(world.people.stage, { audience: 'room', room: world.room });
	expect(await reached()).toEqual(['delegate', 'speaker']);
	const forget = () => readValue<number>(db.app, 'select private.erase_announcement_readers()');
	await forget();
	expect((await taken(world.people.delegate)).length).toBe(1);
	await db.owner.query(
		`update private.announcements set created_at = now() - interval '2 hours', shown_until = now() - interval '11 minutes' where id = $1`,
		[id]
	);
	expect(await forget()).toBeGreaterThan(0);
	expect(
		await readValue(db.owner, 'select count(*)::integer from private.announcement_readers where announcement_id = $1', [
			id
		])
	).toBe(0);
	expect(await list(world.people.stage)).toMatchObject([{ people: 2, delivered: 2, seen: 0 }]);
});

test('a form that was sent at another Summit is refused with a reason', async () => {
	const once = randomUUID();
	expect((await announce(world.people.owner, { audience: 'everyone' }, {}, once)).status).toBe('ok');
	world = await makeWorld(db.owner);
	expect(await announce(world.people.owner, { audience: 'everyone' }, {}, once)).toEqual({
		status: 'invalid',
		fault: 'once'
	});
});
