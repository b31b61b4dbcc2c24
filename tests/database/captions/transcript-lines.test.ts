/* Single lines that organisers take out of the transcript of a session that has ended. */
import { beforeEach, expect, test } from 'vitest';
import { useCaptions } from '../../fixtures/captioning.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { callFunction, codeOf } from '../../fixtures/interpreting.ts';
import { auditReaders } from '../../fixtures/reading-audit.ts';
import type { TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();
const captions = useCaptions(db);
const { write, kept, transcript, setState, consent, raise } = captions;
const { list } = auditReaders(db, () => captions.world);

interface Lines {
	languages: string[];
	total: number;
	lines: { id: string; language: string; words: string; starts: number }[];
}

const read = (who: TestPerson | null, language: string | null = null, query = '') =>
	callFunction<Lines | null>(
		db.owner,
		who,
		'read_transcript_lines',
		captions.world.sessions.public.id,
		language,
		query,
		1
	);
const words = async (who: TestPerson, ...narrowed: [(string | null)?, string?]) =>
	(await read(who, ...narrowed))?.lines.map((line) => line.words) ?? null;
const lineOf = async (said: string) => {
	const { rows } = await db.owner.query<{ id: string }>(
		'select id from private.caption_lines where words = $1 and run_id = $2',
		[said, captions.world.run]
	);
	return rows[0]?.id ?? '';
};
/** Puts a legal hold on transcripts, or on a person. */
const hold = ({ person }: Partial<TestPerson> = {}) =>
	db.owner.query(
		`insert into private.legal_holds (class, summit_id, person_id, reason, placed_by) values ($1, $2, $3, 'Test', $4)`,
		[
			person ? null : 'recordings',
			person ? null : captions.world.summit,
			person ?? null,
			captions.world.people.owner.person
		]
	);
/** Ends the holds, and does what the job of recordings does every few seconds. */
const endHolds = async () => {
	await db.owner.query(`update private.legal_holds set ended_at = now()`);
	await runJob();
};
const runJob = () => db.app.query(`select private.claim_recordings_to_finish('a process')`);
const heard = async () =>
	(await db.owner.query(`select from private.caption_people where run_id = $1`, [captions.world.run])).rows.length;
const remove = (who: TestPerson, line: string) => callFunction<string>(db.owner, who, 'remove_transcript_line', line);

beforeEach(async () => {
	await consent(true);
	await write(captions.captioner, 'Good morning');
	await write(captions.captioner, 'A name that slipped out');
	await write(captions.captioner, 'Un nom 100 % échappé', 'fr');
});

test('are read by who edits the session, once it has ended, by language and by words', async () => {
	const { programme, stage, delegate, owner } = captions.world.people;
	expect(await read(programme)).toEqual({ languages: [], total: 0, lines: [] });
	await setState('ended');
	expect(await words(programme)).toEqual(['Good morning', 'A name that slipped out', 'Un nom 100 % échappé']);
	expect(await read(programme)).toMatchObject({ languages: ['en', 'fr'], total: 3 });
	expect(await words(programme, 'fr')).toEqual(['Un nom 100 % échappé']);
	expect(await words(programme, null, 'NAME')).toEqual(['A name that slipped out']);
	expect(await words(programme, null, 'echappe')).toEqual(['Un nom 100 % échappé']);
	// Signs of patterns mean themselves.
	expect(await words(programme, null, '100 %')).toEqual(['Un nom 100 % échappé']);
	expect(await words(programme, null, 'n_me')).toEqual([]);
	for (const who of [stage, delegate, captions.captioner, captions.chair]) expect(await read(who)).toBeNull();
	await expect(read(null)).rejects.toThrow('permission denied');
	expect(await words(owner)).not.toBeNull();
	// Of a level that allows no transcript nothing is left.
	await raise('closed', 'listed');
	expect(await words(programme)).toEqual([]);
});

test('leave the transcript at once; who and when are in the history, and the words are not', async () => {
	const { programme, delegate } = captions.world.people;
	const line = await lineOf('A name that slipped out');
	expect(await remove(programme, line)).toBe('not_found');
	await setState('ended');
	for (const who of [delegate, captions.captioner]) expect(await remove(who, line)).toBe('not_found');
	expect(await transcript(null)).toEqual(['Good morning', 'A name that slipped out']);
	expect(await remove(programme, line)).toBe('ok');
	expect(await remove(programme, line)).toBe('not_found');
	expect([await transcript(null), await transcript(null, 'fr')]).toEqual([['Good morning'], ['Un nom 100 % échappé']]);
	const entries = (await list(programme, { kind: 'transcript.line_removed' }))?.entries;
	expect(entries).toMatchObject([
		{
			action: 'event',
			by: { kind: 'person', name: programme.name },
			subject: { kind: 'draft', id: captions.world.sessions.public.id },
			fields: [
				{ name: 'language', new: 'en' },
				{ name: 'number', new: 2 }
			]
		}
	]);
	const { rows } = await db.owner.query(
		`select e from audit.entries as e where e::text like '%slipped%' or e::text like '%' || $1 || '%slipped%'`,
		[line]
	);
	expect(rows).toEqual([]);
});

test('are left out and kept while a legal hold is on transcripts', async () => {
	const { programme } = captions.world.people;
	await setState('ended');
	await hold();
	expect(await remove(programme, await lineOf('A name that slipped out'))).toBe('ok');
	expect([await transcript(null), await words(programme, 'en')]).toEqual([['Good morning'], ['Good morning']]);
	expect(await kept()).toContain('A name that slipped out');
});

test('are kept, and read by nobody, when the level of a held transcript is raised', async () => {
	const { programme } = captions.world.people;
	await setState('ended');
	await hold();
	await raise('closed', 'listed');
	expect(await kept()).toContain('Good morning');
	await raise('public');
	expect([await transcript(null), await words(programme)]).toEqual([null, []]);
});

test.each(['all transcripts', 'somebody who spoke'])(
	'that a hold on %s kept are deleted when it ends, with who was on stage',
	async (held) => {
		const { speaker } = captions.world.people;
		const code = await codeOf(db.owner, speaker);
		await callFunction(db.owner, captions.chair, 'set_on_stage', captions.world.run, code, true);
		await write(captions.captioner, 'Words of the speaker');
		await setState('ended');
		await hold(held === 'all transcripts' ? {} : speaker);
		await raise('closed', 'listed');
		await runJob();
		expect([(await kept()).length, await heard()]).toEqual([4, 1]);
		await endHolds();
		expect([await kept(), await heard()]).toEqual([[], 0]);
	}
);

test('that organisers took out are deleted when the hold ends, and the others stay, with who was on stage', async () => {
	const { programme, speaker } = captions.world.people;
	const code = await codeOf(db.owner, speaker);
	await callFunction(db.owner, captions.chair, 'set_on_stage', captions.world.run, code, true);
	await write(captions.captioner, 'Words of the speaker');
	await setState('ended');
	await hold();
	expect(await remove(programme, await lineOf('A name that slipped out'))).toBe('ok');
	await runJob();
	expect(await kept()).toContain('A name that slipped out');
	await endHolds();
	expect((await kept()).sort()).toEqual(['Good morning', 'Un nom 100 % échappé', 'Words of the speaker']);
	expect([await transcript(null), await heard()]).toEqual([['Good morning', 'Words of the speaker'], 1]);
});

test('of a run that is on are never deleted by that, though they are not kept', async () => {
	await consent(false);
	await write(captions.captioner, 'Shown, and not kept');
	await runJob();
	expect(await kept()).toContain('Shown, and not kept');
});

test('that are not final are no lines of a transcript', async () => {
	const { programme } = captions.world.people;
	await setState('ended');
	// What an engine wrote at the last moment.
	await db.owner.query(`update private.caption_lines set is_final = false where words in ('Good morning', $1)`, [
		'Un nom 100 % échappé'
	]);
	expect([await transcript(null), await transcript(null, 'fr')]).toEqual([['A name that slipped out'], null]);
	expect(await read(programme)).toMatchObject({ languages: ['en'], total: 1 });
	expect(await remove(programme, await lineOf('Good morning'))).toBe('not_found');
	const { summit, sessions } = captions.world;
	expect(await callFunction<string[]>(db.owner, null, 'list_transcripts', summit, sessions.public.code)).toEqual([
		'en'
	]);
});

test('are left out and kept while a case keeps a recording of the run', async () => {
	const { programme, owner } = captions.world.people;
	await setState('ended');
	await db.owner.query(
		`with recorded as (
			insert into private.recordings (run_id, session_id, summit_id, level, state)
			select id, session_id, summit_id, 'public', 'failed' from public.runs where id = $1 returning id, summit_id
		), opened as (
			insert into private.cases (summit_id, severity, category, lead_id, key_sealed, key_id)
			select summit_id, 'high', 'privacy', $2, '\\x00', 'k1' from recorded returning id
		)
		insert into private.held_recordings (case_id, recording_id) select opened.id, recorded.id from opened, recorded`,
		[captions.world.run, owner.person]
	);
	expect(await remove(programme, await lineOf('A name that slipped out'))).toBe('ok');
	expect(await words(programme, 'en')).toEqual(['Good morning']);
	expect(await kept()).toContain('A name that slipped out');
});

test('are read by nobody once somebody who spoke no longer agrees', async () => {
	const { programme } = captions.world.people;
	await setState('ended');
	await consent(false);
	expect([await transcript(null), await words(programme)]).toEqual([null, []]);
});

test('the link to them is for who edits a session of which captions were kept', async () => {
	const { programme, owner, delegate, stage } = captions.world.people;
	const { public: session, members } = captions.world.sessions;
	const has = (who: TestPerson | null, of = session.id) =>
		callFunction<boolean>(db.owner, who, 'has_kept_captions', of);
	// Not while the run is on, nor of another session.
	expect(await has(programme)).toBe(false);
	await setState('ended');
	expect([await has(programme), await has(owner), await has(programme, members.id)]).toEqual([true, true, false]);
	for (const who of [delegate, stage, captions.captioner, captions.chair]) expect(await has(who)).toBe(false);
	await expect(has(null)).rejects.toThrow('permission denied');
	// Captions that are hidden because somebody no longer agrees were kept all the same.
	await consent(true, false);
	expect(await has(programme)).toBe(true);
	await db.owner.query('delete from private.caption_lines where run_id = $1', [captions.world.run]);
	expect(await has(programme)).toBe(false);
});
