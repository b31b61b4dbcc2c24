/* Digests of releases: each person is notified once. */
import { describe, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { useReleases } from '../../fixtures/releasing.ts';

const db = useDatabase();
const agenda = useReleases(db);
const { callAs, publish, rename, move, mark } = agenda;

const due = () => db.owner.query(`update private.agenda_digests set due_at = now() - interval '1 second'`);
const send = async (on = db.app) =>
	(await on.query<{ send_digests: number }>('select private.send_digests()')).rows[0]?.send_digests;
const mails = async () =>
	(
		await db.owner.query<{ person_id: string; params: { changes: { code: string; kinds: string[] }[] } }>(
			`select person_id, params from private.outbox where template = 'agenda_changes' and summit_id = $1 order by created_at, id`,
			[agenda.world.summit]
		)
	).rows.map(({ person_id, params }) => [
		Object.entries(agenda.world.people).find(([, { person }]) => person === person_id)?.[0],
		...params.changes.map(
			({ code, kinds }) =>
				`${Object.entries(agenda.world.sessions).find(([, session]) => session.code === code)?.[0] ?? code}: ${kinds.join(' ')}`
		)
	]);

describe('a digest', () => {
	test('sends each person one mail for several releases, with what they may see and what still applies', async () => {
		await mark('delegate', 'members');
		await mark('delegate', 'public');
		await mark('virtual', 'chatham_house');
		await move('members', '8 days');
		await rename('chatham_house', 'For a moment');
		await publish();
		await rename('chatham_house', agenda.world.sessions.chatham_house.title);
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

	test('reports a changed content note with its new words, and no corrected abstract', async () => {
		await mark('delegate', 'members');
		const write = (column: string, words: string) =>
			db.owner.query(`update public.sessions set ${column} = $2 where id = $1`, [
				agenda.world.sessions.members.id,
				{ original: 'en', en: words }
			]);
		await write('abstract', 'A corrected abstract.');
		await publish();
		await due();
		expect(await send()).toBe(0);
		await write('content_note', 'Abuse is described.');
		await publish();
		await due();
		await send();
		expect(await mails()).toEqual([['delegate', 'members: note']]);
		const { rows } = await db.owner.query(
			`select params #> '{changes,0,note}' as note from private.outbox where template = 'agenda_changes' and summit_id = $1`,
			[agenda.world.summit]
		);
		expect(rows).toEqual([{ note: { original: 'en', en: 'Abuse is described.' } }]);
	});

	test('a worker that dies in the middle loses no mail and sends none twice', async () => {
		await mark('delegate', 'public');
		await rename('public', 'Renamed');
		await publish();
		await due();
		const killed = await db.connect(db.appUrl);
		await killed.query('begin');
		expect(await send(killed)).toBe(2);
		// Meanwhile another worker looks, and skips what the first one holds.
		expect(await send()).toBe(0);
		await killed.query('rollback');
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
			agenda.world.sessions.members.id
		]);
		await db.owner.query(`delete from public.session_audiences where session_id = $1`, [
			agenda.world.sessions.closed.id
		]);
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
