/* What changes between releases, who sees it, and that each person is notified once. */
import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { actAs, makeWorld, type PersonKind, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;

beforeEach(async () => {
	world = await makeWorld(db.owner);
	await db.owner.query('delete from private.agenda_digests');
	await db.owner.query('delete from private.pending_agenda_changes');
	for (const kind of ['delegate', 'virtual', 'listed', 'speaker', 'newcomer'] as const)
		await db.owner.query(
			`insert into private.person_addresses (person_id, address_hash, address_sealed, key_id) values ($1, $2, '\\x00', 'k')`,
			[world.people[kind].person, Buffer.from(randomUUID())]
		);
});

interface Change {
	id: string;
	kinds: string[];
	before: { title: { en: string }; people: { display_name: string }[] } | null;
	after: { title: { en: string } } | null;
}

const callAs = async <Answer>(
	who: PersonKind | null,
	call: string,
	values: unknown[],
	on = db.owner
): Promise<Answer> => {
	const rows = await actAs<{ answer: Answer }>(on, who && world.people[who], `select ${call} as answer`, values);
	return rows[0]?.answer as Answer;
};
const publish = (expected: number | null = null, on = db.owner) =>
	callAs<{ status: string; number?: number; by?: string }>(
		'programme',
		`public.publish_release($1, '{"original":"en","en":"Why"}', $2)`,
		[world.summit, expected],
		on
	);
const changelog = async (who: PersonKind | null, from: number, to: number) =>
	(await callAs<{ changes: Change[] }>(who, 'public.read_changelog($1, $2, $3)', [world.summit, from, to])).changes.map(
		({ id, kinds }) => [nameOf(id), ...kinds].join(' ')
	);
const nameOf = (id: string) => Object.entries(world.sessions).find(([, session]) => session.id === id)?.[0] ?? id;
const rename = (level: keyof World['sessions'], title: string) =>
	db.owner.query(
		`update public.sessions set title = jsonb_build_object('original', 'en', 'en', $2::text) where id = $1`,
		[world.sessions[level].id, title]
	);
const move = (level: keyof World['sessions'], by: string) =>
	db.owner.query(
		`update public.slots set during = tstzrange(lower(during) + $2::interval, upper(during) + $2::interval) where session_id = $1`,
		[world.sessions[level].id, by]
	);
const mark = (who: PersonKind, level: keyof World['sessions']) =>
	db.owner.query(`insert into public.agenda_marks (person_id, session_id) values ($1, $2)`, [
		world.people[who].person,
		world.sessions[level].id
	]);
const due = () => db.owner.query(`update private.agenda_digests set due_at = now() - interval '1 second'`);
const send = async (on = db.app) =>
	(await on.query<{ send_digests: number }>('select private.send_digests()')).rows[0]?.send_digests;
const mails = async () =>
	(
		await db.owner.query<{ person_id: string; params: { changes: { code: string; kinds: string[] }[] } }>(
			`select person_id, params from private.outbox where template = 'agenda_changes' and summit_id = $1 order by created_at, id`,
			[world.summit]
		)
	).rows.map(({ person_id, params }) => [
		Object.entries(world.people).find(([, { person }]) => person === person_id)?.[0],
		...params.changes.map(
			({ code, kinds }) =>
				`${Object.entries(world.sessions).find(([, session]) => session.code === code)?.[0] ?? code}: ${kinds.join(' ')}`
		)
	]);

describe('publishing', () => {
	test('succeeds for one of two organisers who saw the same release, and tells the other what was published', async () => {
		const [one, two] = await Promise.all([db.connect(), db.connect()]);
		await rename('public', 'Once');
		const answers = await Promise.all([publish(1, one), publish(1, two)]);
		expect(answers.map(({ status }) => status).sort()).toEqual(['ok', 'published_meanwhile']);
		expect(answers.find(({ status }) => status === 'published_meanwhile')).toMatchObject({
			number: 2,
			by: world.people.programme.name,
			note: { en: 'Why' }
		});
		expect(await publish(1)).toMatchObject({ status: 'published_meanwhile', number: 2 });
		expect(await publish(2)).toEqual({ status: 'ok', number: 3 });
	});

	test('waits for blocking checks', async () => {
		await db.owner
			.query(`create or replace function private.blocking_checks(p_summit uuid) returns jsonb language sql stable security definer set search_path = ''
			as $$ select '[{"code":"room_capacity","sessions":[]}]'::jsonb $$`);
		try {
			expect(await publish()).toEqual({ status: 'blocked', checks: [{ code: 'room_capacity', sessions: [] }] });
		} finally {
			await db.owner
				.query(`create or replace function private.blocking_checks(p_summit uuid) returns jsonb language sql stable security definer set search_path = ''
				as $$ select '[]'::jsonb $$`);
		}
	});

	test('is previewed for programme organisers only: the changes, and how many people will be notified', async () => {
		await mark('delegate', 'members');
		await db.owner.query(
			`insert into public.person_preferences (person_id, agenda_changes) values ($1, 'page') on conflict (person_id) do update set agenda_changes = 'page'`,
			[world.people.delegate.person]
		);
		await move('members', '6 days');
		await rename('public', 'Another title');
		await db.owner.query(`update public.sessions set abstract = '{"original":"en","en":"New text"}' where id = $1`, [
			world.sessions.chatham_house.id
		]);
		const preview = await callAs<{ changes: Change[]; notified: unknown; people: unknown; number: number }>(
			'programme',
			'public.preview_release($1)',
			[world.summit]
		);
		// The world has a session that was never placed, so no session is added.
		expect(preview.changes.map(({ id, kinds }) => [nameOf(id), ...kinds].join(' ')).sort()).toEqual([
			'chatham_house texts',
			'members moved',
			'public renamed'
		]);
		expect(preview.notified).toEqual({ speakers: 1, delegates: 1, mail: 1, page: 1, unreachable: 0 });
		expect(preview.people).toEqual([
			{ display_name: world.people.speaker.name, is_speaking: true, sessions: 1, by: 'mail' },
			{ display_name: world.people.delegate.name, is_speaking: false, sessions: 1, by: 'page' }
		]);
		for (const kind of ['newcomer', 'delegate', 'speaker', 'registration', 'stage', 'door'] as const)
			expect(await callAs(kind, 'public.preview_release($1)', [world.summit])).toEqual({ status: 'not_allowed' });
	});
});

describe('the changelog', () => {
	test('shows each kind of person the changes of sessions that they may see, and nothing else', async () => {
		for (const level of ['public', 'members', 'chatham_house', 'closed'] as const) await rename(level, `New ${level}`);
		await publish();
		const all = ['public renamed', 'members renamed', 'chatham_house renamed', 'closed renamed'];
		const expected: Record<string, string[]> = {
			stranger: all.slice(0, 1),
			newcomer: all.slice(0, 1),
			waiting: all.slice(0, 1),
			focal: all.slice(0, 1),
			delegate: all.slice(0, 3),
			virtual: all.slice(0, 3),
			listed: all,
			speaker: all,
			programme: all,
			stage: all,
			safeguarding: all,
			owner: all.slice(0, 3),
			registration: all.slice(0, 1),
			finance: all.slice(0, 1),
			door: all.slice(0, 1)
		};
		const found: Record<string, string[]> = {};
		for (const who of Object.keys(expected))
			found[who] = await changelog(who === 'stranger' ? null : (who as PersonKind), 1, 2);
		expect(found).toEqual(expected);
	});

	test('hides what was closed in either release, or is closed today', async () => {
		await db.owner.query(`update public.sessions set level = 'closed', audience = 'listed' where id = $1`, [
			world.sessions.public.id
		]);
		await rename('public', 'Held behind doors');
		await publish();
		await db.owner.query(`update public.sessions set level = 'public' where id = $1`, [world.sessions.public.id]);
		await rename('public', 'Open again');
		await publish();
		expect(await changelog(null, 1, 2)).toEqual([]);
		expect(await changelog(null, 2, 3)).toEqual([]);
		// Between these two open releases nothing was closed.
		expect(await changelog(null, 1, 3)).toEqual(['public renamed']);
		expect(await changelog('programme', 2, 3)).toEqual(['public renamed']);
		await db.owner.query(`update public.sessions set level = 'closed' where id = $1`, [world.sessions.public.id]);
		expect(await changelog(null, 1, 3)).toEqual([]);
	});

	test('compares any two releases: added, moved, cancelled, restored and changed speakers, without people who declined', async () => {
		const { id } = world.sessions.public;
		await move('public', '7 days');
		await publish();
		await db.owner.query(`update public.sessions set state = 'cancelled' where id = $1`, [id]);
		await publish();
		expect(await changelog(null, 1, 2)).toEqual(['public moved']);
		expect(await changelog(null, 2, 3)).toEqual(['public cancelled']);
		expect(await changelog(null, 1, 3)).toEqual(['public cancelled moved']);
		expect(await changelog(null, 3, 1)).toEqual(['public restored moved']);
		await db.owner.query(`update public.session_people set state = 'declined' where session_id = $1`, [id]);
		await publish();
		const { changes } = await callAs<{ changes: Change[] }>(null, 'public.read_changelog($1, 3, 4)', [world.summit]);
		expect(changes.map(({ kinds }) => kinds)).toEqual([['people']]);
		expect(changes[0]?.before?.people).toEqual([]);
	});
});

describe('a digest', () => {
	test('sends each person one mail for several releases, with what they may see and what still applies', async () => {
		await mark('delegate', 'members');
		await mark('delegate', 'public');
		await mark('virtual', 'chatham_house');
		await move('members', '8 days');
		await rename('chatham_house', 'For a moment');
		await publish();
		await rename('chatham_house', world.sessions.chatham_house.title);
		await rename('public', 'Renamed for good');
		await publish();
		expect(await send()).toBe(0);
		await due();
		const [one, two] = await Promise.all([db.connect(db.appUrl), db.connect(db.appUrl)]);
		const sent = await Promise.all([send(one), send(two), send()]);
		expect(sent.reduce((sum = 0, each = 0) => sum + each, 0)).toBe(3);
		// The person whose change was reverted gets no mail.
		expect((await mails()).sort()).toEqual([
			['delegate', 'public: renamed', 'members: moved'],
			['speaker', 'public: renamed']
		]);
		await publish();
		await due();
		await send();
		expect(await mails()).toHaveLength(2);
	});

	test('a worker that dies in the middle loses no mail and sends none twice', async () => {
		await mark('delegate', 'public');
		await rename('public', 'Renamed');
		await publish();
		await due();
		const dying = await db.connect(db.appUrl);
		await dying.query('begin');
		expect(await send(dying)).toBe(2);
		// Meanwhile another worker looks, and skips what the first one holds.
		expect(await send()).toBe(0);
		await dying.query('rollback');
		expect(await mails()).toEqual([]);
		expect(await send()).toBe(2);
		expect(await send()).toBe(0);
		expect((await mails()).map(([who]) => who).sort()).toEqual(['delegate', 'speaker']);
	});

	test('a release during the writing of digests is reported later, not lost', async () => {
		await mark('delegate', 'members');
		await rename('members', 'First');
		await publish();
		await due();
		const writing = await db.connect(db.appUrl);
		await writing.query('begin');
		await send(writing);
		await rename('members', 'Second');
		const other = await db.connect();
		const published = publish(null, other);
		await writing.query('commit');
		expect(await published).toMatchObject({ status: 'ok' });
		await due();
		await send();
		expect(await mails()).toEqual([
			['delegate', 'members: renamed'],
			['delegate', 'members: renamed']
		]);
	});

	test('mentions no session that the person may no longer see, and sends nothing to people who chose the page only', async () => {
		await mark('delegate', 'members');
		await mark('listed', 'closed');
		await mark('virtual', 'public');
		for (const level of ['members', 'closed', 'public'] as const) await rename(level, 'Renamed');
		await publish();
		await db.owner.query(`update public.sessions set level = 'closed', audience = 'listed' where id = $1`, [
			world.sessions.members.id
		]);
		await db.owner.query(`delete from public.session_audiences where session_id = $1`, [world.sessions.closed.id]);
		await callAs('virtual', `public.set_agenda_notifications('page')`, []);
		await due();
		await send();
		expect(await mails()).toEqual([['speaker', 'public: renamed', 'closed: renamed']]);
	});

	test('six releases in a row and five workers at once send each person one mail', async () => {
		await mark('delegate', 'public');
		for (let n = 0; n < 6; n += 1) {
			await rename('public', `Title ${n}`);
			await publish();
		}
		await due();
		await Promise.all(
			(await Promise.all(Array.from({ length: 5 }, () => db.connect(db.appUrl)))).map((on) => send(on))
		);
		expect((await mails()).sort()).toEqual([
			['delegate', 'public: renamed'],
			['speaker', 'public: renamed']
		]);
	});
});
