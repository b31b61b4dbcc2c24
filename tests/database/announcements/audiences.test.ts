/* Whom announcements reach: each kind of audience, in the language of the reader. */
import { beforeEach, describe, expect, test } from 'vitest';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { makeWorld, type PersonKind, type TestPerson, type World } from '../../fixtures/world.ts';
import { announcementActs, type Told, words } from '../../fixtures/announcing.ts';

const db = useDatabase();
let world: World;

const { announce, taken, list, reached } = announcementActs(db, () => world);

beforeEach(async () => (world = await makeWorld(db.owner)));

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
