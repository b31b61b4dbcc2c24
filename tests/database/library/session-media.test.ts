/* Recordings and files of sessions in the search: exactly those that the reader may watch and open, with no query too. */
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { search as searchAs, type LibraryWorld } from '../../fixtures/library.ts';
import { fillSessionMedia } from '../../fixtures/library-filling.ts';
import { giveConsents, makeRecordable, NoiseRecorder, setOnStage } from '../../fixtures/recording.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { documentsOf, upload } from '../../fixtures/uploading.ts';
import { actAs, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
let chair: TestPerson;
let session: string;
let recording: string;

/** A recording without captions. */
beforeAll(async () => {
	({ world, chair, session } = await makeRecordable(db.owner));
	await setOnStage(db.owner, chair, world.run, world.people.speaker);
	const recorder = new NoiseRecorder(db.app);
	({ recording } = await callAs<{ recording: string }>(db.owner, chair, 'public.start_recording($1)', [world.run]));
	await recorder.hold();
	await recorder.send(await recorder.begin());
	await callAs(db.owner, chair, 'public.stop_recording($1)', [world.run]);
	expect(await recorder.finish(recording, 90_000)).toBe(true);
});
beforeEach(() => db.owner.query('delete from private.session_files'));

type Hit = { source: string; code: string; recording: string; file: string; name: string; length_ms: number };
const search = async (who: TestPerson | null, question = '', choice: object = {}) => {
	const found = await searchAs({ client: db.owner } as LibraryWorld, who, question, choice);
	return { ...found, results: found.results as unknown as Hit[] };
};
const everybody = () => [null, ...Object.values(world.people)];
const publish = (published = true) =>
	callAs<string>(db.owner, world.people.programme, 'public.publish_recording($1, $2, true)', [recording, published]);
/** What the search without a query says to each person of one recording: how many hits, and in which counts it is. */
const shownTo = async (who: TestPerson | null) => {
	const { total, results, facets, replays } = (await search(who)) as Awaited<ReturnType<typeof search>> & {
		replays: unknown[];
	};
	return [total, results.map(({ source }) => source), facets.kind, facets.source.length, replays.length];
};
const nothing = [0, [], [], 0, 0];

test('a published recording without captions is found without a query and by the title of its session', async () => {
	expect(await publish()).toBe('ok');
	const { results, facets } = await search(null);
	expect(results).toMatchObject([
		{ source: 'recording', recording, length_ms: 90_000, summit_name: { en: expect.any(String) } }
	]);
	expect(facets.kind).toEqual([{ value: 'recording', count: 1 }]);
	const { title } = world.sessions.public;
	const found = await search(null, title, { kind: 'recording' });
	expect(found.results.map(({ code }) => code)).toEqual([world.sessions.public.code]);
	expect((await search(null, title, { kind: 'recording', year: '1999' })).total).toBe(0);
	expect((await search(null, 'nowhere', { source: 'recording' })).total).toBe(0);
});

test('who finds a recording and nothing else finds the library', async () => {
	const sections = (who: TestPerson | null) => callAs<string[]>(db.owner, who, 'public.community_sections()');
	for (const published of [true, false]) {
		await publish(published);
		for (const who of [null, world.people.newcomer])
			expect((await sections(who)).includes('library')).toBe((await search(who)).total > 0);
		expect((await sections(null)).includes('library')).toBe(published);
	}
});

test('who may not watch a recording learns nothing of it from results, counts or the list of Summits', async () => {
	const shows = [1, ['recording'], [{ value: 'recording', count: 1 }], 1, 1];
	await publish(false);
	for (const who of everybody()) expect(await shownTo(who)).toEqual(nothing);
	await publish();
	for (const who of everybody()) expect(await shownTo(who)).toEqual(shows);
	await giveConsents(db.owner, session, world.people.speaker, true, false);
	for (const who of everybody()) expect(await shownTo(who)).toEqual(nothing);
	await giveConsents(db.owner, session, world.people.speaker, true, true);
	await publish();
	// Of a session for members, it is for those who are registered.
	await db.owner.query(`update private.recordings set level = 'members' where id = $1`, [recording]);
	for (const who of everybody()) {
		const listed = await callAs<unknown[]>(db.owner, who, 'public.list_published_recordings($1)', [world.summit]);
		expect(await shownTo(who)).toEqual(listed.length > 0 ? shows : nothing);
	}
	expect(await shownTo(null)).toEqual(nothing);
	await db.owner.query(`update private.recordings set level = 'public' where id = $1`, [recording]);
	await publish(false);
});

test('published files are found by who gets them with the session, and by their name', async () => {
	const { speaker } = world.people;
	await upload(db.owner, speaker, { session, name: 'Measuring_lanterns.pdf' });
	await upload(db.owner, speaker, { session, name: 'Secret.pdf', publication: 'stage' });
	await upload(db.owner, speaker, { session: world.sessions.closed.id, name: 'Closed lanterns.pdf' });
	for (const who of everybody()) {
		const names: string[] = [];
		for (const { id } of Object.values(world.sessions))
			names.push(...(await documentsOf(db.owner, who, id)).map(({ name }) => name));
		const found = (await search(who, '', { source: 'slides' })).results.map(({ name }) => name).sort();
		expect(found).toEqual(names.sort());
	}
	const { results, facets } = await search(null, 'lanterns');
	expect(results.map(({ source, name }) => [source, name])).toEqual([['slides', 'Measuring_lanterns.pdf']]);
	expect(facets.kind).toEqual([{ value: 'slides', count: 1 }]);
	for (const who of [null, world.people.delegate]) {
		expect((await search(who, 'secret')).total).toBe(0);
		expect((await search(who, '')).facets.source).toEqual([{ value: 'slides', count: 1 }]);
	}
});

test('files are of the day of their session in the zone of the Summit', async () => {
	await upload(db.owner, world.people.speaker, { session, name: 'Lanterns.pdf' });
	const heldOn = () =>
		readValue<string>(
			db.owner,
			'select held_on::text from private.library_session_file_rows(array(select id from private.session_files), null, array(select private.current_releases()))'
		);
	const expected = await readValue<string>(
		db.owner,
		`select (min(lower(t.during)) at time zone u.zone)::date::text
		from public.summits as u
		join public.release_slots as t on t.release_id = private.newest_release(u.id) and t.session_id = $2
		where u.id = $1 group by u.zone`,
		[world.summit, session]
	);
	expect(await heldOn()).toBe(expected);
	await db.owner.query('update public.summits set starts_on = starts_on - 3 where id = $1', [world.summit]);
	expect(await heldOn()).toBe(expected);
	await db.owner.query('update public.summits set starts_on = starts_on + 3 where id = $1', [world.summit]);
});

test('files go with their session: withdrawn, cancelled or closed ones are gone', async () => {
	const { speaker, programme } = world.people;
	const { version } = await upload(db.owner, speaker, { session });
	const count = async () => (await search(null)).total;
	expect(await count()).toBe(1);
	await db.owner.query('update private.file_versions set withdrawn_at = now() where id = $1', [version]);
	expect(await count()).toBe(0);
	await db.owner.query('update private.file_versions set withdrawn_at = null where id = $1', [version]);
	const raise = (level: string, audience: string) =>
		db.owner.query('update public.sessions set is_recorded = false, level = $2, audience = $3 where id = $1', [
			session,
			level,
			audience
		]);
	await raise('closed', 'listed');
	expect(await count()).toBe(0);
	await raise('public', 'everyone');
	expect(await count()).toBe(1);
	await db.owner.query(`update public.sessions set state = 'cancelled' where id = $1`, [session]);
	await actAs(db.owner, programme, 'select public.publish_release($1)', [world.summit]);
	expect(await count()).toBe(0);
	expect(await readValue(db.owner, 'select count(*)::integer from private.session_files')).toBe(1);
});

test('media of a session that is not released are in no search, of organisers neither', async () => {
	expect(await fillSessionMedia(db.owner)).toBeGreaterThan(0);
	for (const who of everybody())
		expect((await search(who)).results.map(({ code }) => code)).not.toContain(world.sessions.draft.code);
});
