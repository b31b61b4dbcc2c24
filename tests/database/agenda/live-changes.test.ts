/* Changes on the day: a release of selected changes only. */
import { beforeEach, describe, expect, test } from 'vitest';
import type pg from 'pg';
import { useDatabase } from '../../fixtures/database.ts';
import { actAs, makeWorld, type PersonKind, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;

beforeEach(async () => {
	world = await makeWorld(db.owner);
});

type Level = keyof World['sessions'];
interface Answer {
	status: string;
	number?: number;
	notified?: number;
	by?: unknown[];
}

const callAs = async <T>(who: PersonKind | null, call: string, values: unknown[], on = db.owner): Promise<T> =>
	(await actAs<{ answer: T }>(on, who && world.people[who], `select ${call} as answer`, values))[0]?.answer as T;
const changeNow = (changes: unknown[], on = db.owner, who: PersonKind = 'programme') =>
	callAs<Answer>(who, 'public.publish_live_changes($1, $2)', [world.summit, JSON.stringify(changes)], on);
const rows = async <Row extends pg.QueryResultRow>(sql: string, values: unknown[]) =>
	(await db.owner.query<Row>(sql, values)).rows;
/** Sessions of the newest release, by level: title, hours since the world began, cancelled. */
const released = async () =>
	Object.fromEntries(
		(
			await rows<{ id: string; title: string; at: string; off: boolean }>(
				`select rs.session_id as id, rs.title ->> 'en' as title, rs.is_cancelled as off, (select min(lower(during)) from public.release_slots as sl
					where sl.release_id = rs.release_id and sl.session_id = rs.session_id)::text as at
				from public.release_sessions as rs where rs.release_id = private.newest_release($1)`,
				[world.summit]
			)
		).map(({ id, ...rest }) => [Object.entries(world.sessions).find(([, session]) => session.id === id)?.[0], rest])
	);
const move = (level: Level, by: string) =>
	db.owner.query(
		`update public.slots set during = tstzrange(lower(during) + $2::interval, upper(during) + $2::interval) where session_id = $1`,
		[world.sessions[level].id, by]
	);
const choose = (level: Level, ...kinds: string[]) => ({ session: world.sessions[level].id, kinds });

describe('a live change', () => {
	test('releases the selected sessions, and keeps the rest of the draft unreleased', async () => {
		const before = await released();
		await move('public', '5 days');
		await move('members', '6 days');
		await db.owner.query(`update public.sessions set title = '{"original":"en","en":"Not yet public"}' where id = $1`, [
			world.sessions.public.id
		]);
		await db.owner.query(`update public.sessions set state = 'cancelled' where id = $1`, [
			world.sessions.chatham_house.id
		]);
		expect(await changeNow([choose('public', 'placement')])).toMatchObject({ status: 'ok', number: 2 });
		const after = await released();
		expect(after).toEqual({ ...before, public: { ...before.public, at: after.public?.at } });
		expect(after.public?.at).not.toBe(before.public?.at);
		expect(await changeNow([choose('chatham_house', 'state')])).toMatchObject({ status: 'ok', number: 3 });
		expect((await released()).chatham_house).toEqual({ ...before.chatham_house, off: true });
		expect(await changeNow([choose('chatham_house', 'state')])).toEqual({ status: 'nothing_changed' });
		expect(await callAs('programme', `public.preview_release($1) -> 'number'`, [world.summit])).toBe(3);
	});

	test('notifies the people concerned at once, and only once', async () => {
		await db.owner.query('delete from private.agenda_digests');
		await db.owner.query('delete from private.pending_agenda_changes');
		await db.owner.query(
			`insert into private.person_addresses (person_id, address_hash, address_sealed, key_id) values ($1, $2, '\\x00', 'k')`,
			[world.people.speaker.person, Buffer.from(world.slug)]
		);
		await move('public', '5 days');
		expect(await changeNow([choose('public', 'placement')])).toEqual({ status: 'ok', number: 2, notified: 1 });
		const sent = async () => {
			await db.app.query('select private.send_digests()');
			return rows(
				`select person_id, params ->> 'now' as now, priority from private.outbox where template = 'agenda_changes' and summit_id = $1`,
				[world.summit]
			);
		};
		const one = [{ person_id: world.people.speaker.person, now: 'true', priority: 3 }];
		expect(await sent()).toEqual(one);
		expect(await sent()).toEqual(one);
	});

	test('from a phone changes draft and release together, for the version that was read, or neither', async () => {
		const { id } = world.sessions.public;
		const [slot] = await rows<{ id: string }>('select id from public.slots where session_id = $1', [id]);
		const edit = {
			version: 1,
			slots: [{ id: slot?.id, start: '2031-03-01T09:00:00Z', end: '2031-03-01T10:00:00Z', rooms: ['auditory'] }]
		};
		const [room] = await rows<{ slug: string }>('select slug from public.rooms where id = $1', [world.room]);
		edit.slots[0]?.rooms.splice(0, 1, room?.slug ?? '');
		const change = { ...choose('public', 'placement'), edit };
		const [one, two] = await Promise.all([db.connect(), db.connect()]);
		const answers = await Promise.all([changeNow([change], one), changeNow([change], two)]);
		expect(answers.map(({ status }) => status).sort()).toEqual(['conflict', 'ok']);
		expect((await released()).public?.at).toContain('2031-03-01');
		expect(await callAs('programme', `public.read_draft_session($1) #>> '{slots,0,start}'`, [id])).toBe(
			'2031-03-01T09:00:00Z'
		);
		expect(
			await rows('select max(number)::integer as number from public.releases where summit_id = $1', [world.summit])
		).toEqual([{ number: 2 }]);
		// A speaker who cannot come is removed from the draft and the release at once.
		const [entry] = await rows<{ id: string }>('select id from public.session_people where session_id = $1', [id]);
		expect(await changeNow([{ ...choose('public', 'people'), edit: { without: [entry?.id] } }])).toMatchObject({
			status: 'ok',
			number: 3
		});
		expect(
			await callAs(null, `public.read_session($1, $2) -> 'people'`, [world.summit, world.sessions.public.code])
		).toEqual([]);
	});

	test('adds or replaces a speaker at once: a person of the Summit or a new name, but nobody from another Summit', async () => {
		const { public: open } = world.sessions;
		const named = async () =>
			(
				await callAs<{ display_name: string; role: string }[]>(null, `public.read_session($1, $2) -> 'people'`, [
					world.summit,
					open.code
				])
			).map(({ display_name, role }) => `${display_name} ${role}`);
		const people = (edit: object, on = db.owner, who: PersonKind = 'programme') =>
			changeNow([{ ...choose('public', 'people'), edit }], on, who);
		const [entry] = await rows<{ id: string }>('select id from public.session_people where session_id = $1', [open.id]);
		const { delegate, virtual, newcomer, speaker } = world.people;
		expect(await people({ without: [entry?.id], with: [{ person: delegate.person, role: 'speaker' }] })).toMatchObject({
			status: 'ok',
			number: 2
		});
		expect(await named()).toEqual([`${delegate.name} speaker`]);
		// Two phones add the same name at once: one person results.
		const connections = await Promise.all([db.connect(), db.connect()]);
		const answers = await Promise.all(
			connections.map((on) => people({ with: [{ name: '  Noor   Newly ', role: 'moderator' }] }, on))
		);
		expect(answers.map(({ status }) => status).sort()).toEqual(['nothing_changed', 'ok']);
		expect((await named()).sort()).toEqual(['Noor Newly moderator', `${delegate.name} speaker`]);
		expect(
			await rows(
				`select sp.state, sp.consent_record from public.session_people as sp join public.people as p on p.id = sp.person_id where p.display_name = 'Noor Newly'`,
				[]
			)
		).toEqual([{ state: 'invited', consent_record: false }]);
		// The rest of the draft has them too, and people who were removed are back.
		expect(await people({ with: [{ person: speaker.person, role: 'speaker' }] })).toMatchObject({ status: 'ok' });
		expect(await named()).toHaveLength(3);
		for (const one of [
			{ person: newcomer.person, role: 'speaker' },
			{ name: ' ', role: 'speaker' },
			{ role: 'speaker' },
			{ person: virtual.person, role: 'owner' }
		])
			expect(['unknown', 'invalid']).toContain((await people({ with: [one] })).status);
		for (const who of ['stage', 'registration', 'delegate', 'speaker'] as const)
			expect(await people({ with: [{ person: virtual.person, role: 'speaker' }] }, db.owner, who)).toEqual({
				status: 'not_allowed'
			});
		expect(await named()).toHaveLength(3);
	});

	test('never books a room twice: it names the session in the way, and a swap of both succeeds', async () => {
		const before = await released();
		// The two have swapped rooms in the draft.
		await db.owner.query('begin');
		await db.owner.query('set constraints public.room_free deferred');
		await move('public', '1 hour');
		await move('members', '-1 hour');
		await db.owner.query('commit');
		expect(await changeNow([choose('public', 'placement')])).toMatchObject({
			status: 'room_taken',
			by: [{ title: { en: world.sessions.members.title } }]
		});
		expect(await released()).toEqual(before);
		expect(await changeNow([choose('public', 'placement'), choose('members', 'placement')])).toMatchObject({
			status: 'ok',
			number: 2
		});
		expect(await released()).toEqual({
			...before,
			public: { ...before.public, at: before.members?.at },
			members: { ...before.members, at: before.public?.at }
		});
	});

	test('runs one after the other: twenty at once release each change once, after all changes before it', async () => {
		await move('public', '5 days');
		await move('members', '6 days');
		await move('chatham_house', '7 days');
		await move('closed', '8 days');
		const levels = ['public', 'members', 'chatham_house', 'closed'] as const;
		const connections = await Promise.all(Array.from({ length: 20 }, () => db.connect()));
		const answers = await Promise.all(
			connections.map((on, n) => changeNow([choose(levels[n % 4] ?? 'public', 'placement')], on))
		);
		expect(
			answers
				.filter(({ status }) => status === 'ok')
				.map(({ number }) => number)
				.sort()
		).toEqual([2, 3, 4, 5]);
		expect(answers.filter(({ status }) => status === 'nothing_changed')).toHaveLength(16);
		const draft = await rows<{ id: string; at: string }>(
			`select session_id as id, min(lower(during))::text as at from public.slots where summit_id = $1 and session_id is not null group by session_id`,
			[world.summit]
		);
		const all = await released();
		for (const level of levels)
			expect([level, all[level]?.at]).toEqual([level, draft.find(({ id }) => id === world.sessions[level].id)?.at]);
	});

	test('is for programme organisers, for sessions that they see, with valid values', async () => {
		for (const kind of ['newcomer', 'delegate', 'speaker', 'registration', 'stage', 'door'] as const) {
			expect(await changeNow([choose('public', 'placement')], db.owner, kind)).toEqual({ status: 'not_allowed' });
			expect(await callAs(kind, 'public.read_live_changes($1)', [world.summit])).toBeNull();
		}
		await move('closed', '5 days');
		// Owners see no closed sessions.
		expect(await changeNow([choose('closed', 'placement')], db.owner, 'owner')).toEqual({ status: 'unknown' });
		expect(await changeNow([{ session: 'x', kinds: [] }])).toEqual({ status: 'invalid' });
		expect(await changeNow([])).toEqual({ status: 'invalid' });
		const seen = await callAs<{ sessions: { id: string; kinds: string[] }[] }>(
			'programme',
			'public.read_live_changes($1)',
			[world.summit]
		);
		expect(seen.sessions.find(({ id }) => id === world.sessions.closed.id)?.kinds).toEqual(['moved']);
	});
});
