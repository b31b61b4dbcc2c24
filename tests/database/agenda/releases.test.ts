/* What changes between releases, and who sees it. */
import { describe, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { type PersonKind } from '../../fixtures/world.ts';
import { useReleases } from '../../fixtures/releasing.ts';

const db = useDatabase();
const agenda = useReleases(db);
const { callAs, publish, rename, move, mark } = agenda;

interface Change {
	id: string;
	kinds: string[];
	before: { title: { en: string }; people: { display_name: string }[] } | null;
	after: { title: { en: string } } | null;
}
const changelog = async (who: PersonKind | null, from: number, to: number) =>
	(
		await callAs<{ changes: Change[] }>(who, 'public.read_changelog($1, $2, $3)', [agenda.world.summit, from, to])
	).changes.map(({ id, kinds }) => [nameOf(id), ...kinds].join(' '));
const nameOf = (id: string) =>
	Object.entries(agenda.world.sessions).find(([, session]) => session.id === id)?.[0] ?? id;

describe('publishing', () => {
	test('succeeds for one of two organisers who saw the same release, and names the published release to the other', async () => {
		const [one, two] = await Promise.all([db.connect(), db.connect()]);
		await rename('public', 'Once');
		const answers = await Promise.all([publish(1, one), publish(1, two)]);
		expect(answers.map(({ status }) => status).sort()).toEqual(['ok', 'published_meanwhile']);
		expect(answers.find(({ status }) => status === 'published_meanwhile')).toMatchObject({
			number: 2,
			by: agenda.world.people.programme.name
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
			[agenda.world.people.delegate.person]
		);
		await move('members', '6 days');
		await rename('public', 'Another title');
		await db.owner.query(`update public.sessions set abstract = '{"original":"en","en":"New text"}' where id = $1`, [
			agenda.world.sessions.chatham_house.id
		]);
		const preview = await callAs<{ changes: Change[]; notified: unknown; people: unknown; number: number }>(
			'programme',
			'public.preview_release($1)',
			[agenda.world.summit]
		);
		// The world has a session that was never placed, so no session is added.
		expect(preview.changes.map(({ id, kinds }) => [nameOf(id), ...kinds].join(' ')).sort()).toEqual([
			'chatham_house texts',
			'members moved',
			'public renamed'
		]);
		expect(preview.notified).toEqual({ speakers: 1, delegates: 1, mail: 1, page: 1, unreachable: 0 });
		expect(preview.people).toEqual([
			{ display_name: agenda.world.people.speaker.name, is_speaking: true, sessions: 1, by: 'mail' },
			{ display_name: agenda.world.people.delegate.name, is_speaking: false, sessions: 1, by: 'page' }
		]);
		for (const kind of ['newcomer', 'delegate', 'speaker', 'registration', 'stage', 'door'] as const)
			expect(await callAs(kind, 'public.preview_release($1)', [agenda.world.summit])).toEqual({
				status: 'not_allowed'
			});
	});
});

describe('the changelog', () => {
	test('shows each kind of person the changes of sessions that they may see, and nothing else', async () => {
		for (const level of ['public', 'members', 'chatham_house', 'closed'] as const) await rename(level, `New ${level}`);
		await publish();
		const all = ['public renamed', 'members renamed', 'chatham_house renamed', 'closed renamed'];
		const expected: Record<string, string[]> = {
			visitor: all.slice(0, 1),
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
			found[who] = await changelog(who === 'visitor' ? null : (who as PersonKind), 1, 2);
		expect(found).toEqual(expected);
	});

	test('hides what was closed in either release, or is closed today', async () => {
		await db.owner.query(`update public.sessions set level = 'closed', audience = 'listed' where id = $1`, [
			agenda.world.sessions.public.id
		]);
		await rename('public', 'Held behind doors');
		await publish();
		await db.owner.query(`update public.sessions set level = 'public' where id = $1`, [
			agenda.world.sessions.public.id
		]);
		await rename('public', 'Open again');
		await publish();
		expect(await changelog(null, 1, 2)).toEqual([]);
		expect(await changelog(null, 2, 3)).toEqual([]);
		// Between these two open releases nothing was closed.
		expect(await changelog(null, 1, 3)).toEqual(['public renamed']);
		expect(await changelog('programme', 2, 3)).toEqual(['public renamed']);
		await db.owner.query(`update public.sessions set level = 'closed' where id = $1`, [
			agenda.world.sessions.public.id
		]);
		expect(await changelog(null, 1, 3)).toEqual([]);
	});

	test('compares any two releases: added, moved, cancelled, restored and changed speakers, without people who declined', async () => {
		const { id } = agenda.world.sessions.public;
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
		const { changes } = await callAs<{ changes: Change[] }>(null, 'public.read_changelog($1, 3, 4)', [
			agenda.world.summit
		]);
		expect(changes.map(({ kinds }) => kinds)).toEqual([['people']]);
		expect(changes[0]?.before?.people).toEqual([]);
	});
});
