/*
 * Moments of recordings in the search: only of what the reader may watch, at this moment, and at the second at which it is
 * said.
 */
import { beforeEach, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { giveConsents, makeRecordable, NoiseRecorder, setOnStage } from '../../fixtures/recording.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import type { TestPerson, World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
let chair: TestPerson;
let session: string;
let recording: string;

/** Records two parts of 30 seconds with ten minutes between them, publishes them, and keeps captions of both. */
beforeEach(async () => {
	await db.owner.query('delete from private.recordings');
	({ world, chair, session } = await makeRecordable(db.owner));
	await setOnStage(db.owner, chair, world.run, world.people.speaker);
	const recorder = new NoiseRecorder(db.app);
	({ recording } = await callAs<{ recording: string }>(db.owner, chair, 'public.start_recording($1)', [world.run]));
	await recorder.hold();
	for (const _ of [1, 2]) await recorder.send(await recorder.begin());
	await callAs(db.owner, chair, 'public.stop_recording($1)', [world.run]);
	expect(await recorder.finish(recording, 60_000)).toBe(true);
	await db.owner.query(
		`update private.recording_parts as p set length_ms = 30000, started_at = runs.started_at
			+ case p.number when 1 then interval '0' else interval '630 seconds' end
		from public.runs where runs.id = $1 and p.recording_id = $2`,
		[world.run, recording]
	);
	await db.owner.query(
		`insert into private.caption_lines (run_id, language, number, starts, ends, words, is_kept)
		values ($1, 'en', 1, 5400, 7000, 'The quetzal is first seen.', true),
			($1, 'en', 2, 300000, 302000, 'A quetzal in the pause.', true),
			($1, 'en', 3, 641900, 644000, 'The quetzal comes back.', true),
			($1, 'en', 4, 700000, 702000, 'A quetzal after the end.', true),
			($1, 'en', 5, 9000, 9500, 'A quetzal that is not kept.', false)`,
		[world.run]
	);
	await publish();
});

const publish = (published = true) =>
	callAs<string>(db.owner, world.people.programme, 'public.publish_recording($1, $2, true)', [recording, published]);
/** The seconds at which a person finds the word in recordings. */
async function moments(who: TestPerson | null): Promise<number[]> {
	const found = await callAs<{ results: { at: number; recording: string }[]; total: number }>(
		db.owner,
		who,
		'public.search_library($1, $2, $3)',
		['quetzal', JSON.stringify({ source: 'moment' }), 'en']
	);
	expect(found.total).toBe(found.results.length);
	expect(new Set(found.results.map((hit) => hit.recording)).size).toBeLessThan(2);
	return found.results.map(({ at }) => at).sort((a, b) => a - b);
}
const setLevel = (level: string, audience: string) =>
	db.owner.query(`update public.sessions set is_recorded = false, level = $2, audience = $3 where id = $1`, [
		session,
		level,
		audience
	]);

test('open at the second of the file, without what was said in the pause, after the end or not to be kept', async () => {
	for (const who of [null, world.people.newcomer, world.people.delegate]) expect(await moments(who)).toEqual([5, 41]);
	// The player begins where the caption does.
	const { en } = await callAs<{ en: { starts: number }[] }>(db.owner, null, 'public.recording_captions($1, $2)', [
		world.summit,
		recording
	]);
	expect(en.map(({ starts }) => Math.floor(starts / 1000))).toEqual([5, 41]);
});

test('are gone while the recording is a draft or withdrawn', async () => {
	await publish(false);
	for (const who of [null, world.people.delegate, world.people.programme]) expect(await moments(who)).toEqual([]);
	await publish();
	expect(await moments(null)).toEqual([5, 41]);
});

test('are gone when somebody in it does not want to be shown, or to be recorded', async () => {
	await giveConsents(db.owner, session, world.people.speaker, true, false);
	for (const who of [null, world.people.delegate, world.people.programme, world.people.speaker])
		expect(await moments(who)).toEqual([]);
	await giveConsents(db.owner, session, world.people.speaker, true, true);
	expect(await moments(null)).toEqual([]);
	await publish();
	expect(await moments(null)).toEqual([5, 41]);
	await giveConsents(db.owner, session, world.people.speaker, false);
	await giveConsents(db.owner, session, world.people.speaker, true);
	expect([await publish(), await moments(world.people.programme)]).toEqual(['refused', []]);
});

test.each([
	['members', 'registered'],
	['chatham_house', 'registered'],
	['closed', 'listed']
])('are gone when the level is raised to %s, and do not come back when it is lowered', async (level, audience) => {
	await setLevel(level, audience);
	for (const who of [null, world.people.delegate, world.people.programme]) expect(await moments(who)).toEqual([]);
	await setLevel('public', 'everyone');
	for (const who of [null, world.people.delegate]) expect(await moments(who)).toEqual([]);
});

test('are gone when a case holds the recording', async () => {
	await readValue(db.owner, `select private.seal_recording($1, 'case')`, [recording]);
	for (const who of [null, world.people.delegate, world.people.programme, world.people.owner])
		expect(await moments(who)).toEqual([]);
});

test('are gone, as in the captions, when an organiser takes the line out before or after publication', async () => {
	const line = (number: number) =>
		readValue<string>(db.owner, 'select id from private.caption_lines where run_id = $1 and number = $2', [
			world.run,
			number
		]);
	const remove = async (number: number) =>
		callAs<string>(db.owner, world.people.programme, 'public.remove_transcript_line($1)', [await line(number)]);
	const captions = async () =>
		(
			await callAs<{ en?: { words: string }[] }>(
				db.owner,
				world.people.programme,
				'public.recording_captions($1, $2)',
				[world.summit, recording]
			)
		).en?.map(({ words }) => words);
	await db.owner.query(`update public.runs set state = 'ended', ended_at = now() where id = $1`, [world.run]);
	expect([await remove(1), await moments(null), await captions()]).toEqual(['ok', [41], ['The quetzal comes back.']]);
	await publish(false);
	expect([await remove(3), await captions()]).toEqual(['ok', undefined]);
	await publish();
	expect(await moments(null)).toEqual([]);
});

test('are only those that a trim left, at their new second', async () => {
	await publish(false);
	const trim = (from: number, until: number | null) =>
		callAs<string>(db.owner, world.people.programme, 'public.trim_recording($1, $2, $3)', [recording, from, until]);
	expect(await trim(4000, 50_000)).toBe('ok');
	const recorder = new NoiseRecorder(db.app);
	await db.app.query(`select private.claim_recording_trim('p1')`);
	const finished = await readValue(db.app, `select private.finish_recording_trim($1, 'p1', $2, 5500, 44500)`, [
		recording,
		await recorder.put()
	]);
	expect(finished).toBe(true);
	await publish();
	// The first line begins a tenth of a second before the file.
	expect(await moments(null)).toEqual([36]);
});
