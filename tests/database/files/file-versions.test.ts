/* Versions of the files of a session: which one is shown, while it is scanned, after the deadline, and when two people act at once. */
import type pg from 'pg';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { callAs, connectMany, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { documentsOf, filesOf, objectStateOf, putObject, upload, type Answer } from '../../fixtures/uploading.ts';
import { makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
let session: string;
let speaker: TestPerson;

beforeAll(async () => {
	world = await makeWorld(db.owner);
	session = world.sessions.public.id;
	speaker = world.people.speaker;
});
beforeEach(() => db.owner.query('delete from private.session_files'));

const filesAs = (who: TestPerson) => filesOf(db.owner, who, session);
const documentsAs = (who: TestPerson | null) => documentsOf(db.owner, who, session);
const versionOf = (file: string | undefined, number: number) =>
	readValue<string>(db.owner, 'select id from private.file_versions where file_id = $1 and number = $2', [
		file,
		number
	]);
const stateOf = (object: string) => objectStateOf(db.owner, object);

test('each upload is a version; the last is shown, an older one can be restored, and a withdrawn one shows none', async () => {
	const first = await upload(db.owner, speaker, { session, name: 'One.pdf' });
	const second = await upload(db.owner, speaker, { session, name: 'Two.pdf', file: first.file ?? null });
	expect([second.status, second.file, second.number]).toEqual(['ok', first.file, 2]);
	const shown = async () => (await documentsAs(null)).map(({ name }) => name);
	expect(await shown()).toEqual(['Two.pdf']);
	expect(await callAs(db.owner, speaker, 'public.restore_file_version($1)', [first.version])).toBe('ok');
	expect(await shown()).toEqual(['One.pdf']);
	expect(await callAs(db.owner, speaker, 'public.withdraw_file_version($1)', [first.version])).toBe('ok');
	expect(await shown()).toEqual([]);
	expect(await callAs(db.owner, speaker, 'public.restore_file_version($1)', [second.version])).toBe('ok');
	expect(await callAs(db.owner, world.people.delegate, 'public.withdraw_file_version($1)', [second.version])).toBe(
		'not_found'
	);
	expect(await shown()).toEqual(['Two.pdf']);
	// Withdrawing a version that was not shown changes nothing.
	expect(await callAs(db.owner, speaker, 'public.withdraw_file_version($1)', [first.version])).toBe('ok');
	expect(await shown()).toEqual(['Two.pdf']);
});

test('the former version stays while a new one is scanned, and a refused one is never shown', async () => {
	const first = await upload(db.owner, speaker, { session, name: 'One.pdf', scan: 'clean' });
	const second = await upload(db.owner, speaker, {
		session,
		name: 'Two.pdf',
		file: first.file ?? null,
		scan: 'waiting'
	});
	const open = (number: number | null) =>
		callAs<{ name: string } | null>(db.owner, speaker, 'public.open_session_file($1, $2, $3)', [
			world.summit,
			first.file,
			number
		]);
	expect((await documentsAs(null)).map(({ name }) => name)).toEqual(['One.pdf']);
	expect([(await open(null))?.name, await open(2)]).toEqual(['One.pdf', null]);
	await db.owner.query(`select private.finish_scan($1, 'refused', 'Eicar-Test-Signature')`, [second.version]);
	expect([(await open(null))?.name, await open(2)]).toEqual(['One.pdf', null]);
	expect(await callAs(db.owner, speaker, 'public.restore_file_version($1)', [second.version])).toBe('refused');
	// Only organisers see what the scanner found.
	const notes = async (who: TestPerson) =>
		(await filesAs(who))?.files[0]?.versions.map(({ state, note }) => [state, note]);
	expect(await notes(world.people.programme)).toEqual([
		['refused', 'Eicar-Test-Signature'],
		['clean', '']
	]);
	expect(await notes(speaker)).toEqual([
		['refused', ''],
		['clean', '']
	]);
	expect(
		await stateOf(
			await readValue(db.owner, 'select object_name from private.file_versions where id = $1', [second.version])
		)
	).toBe('deletable');
});

test('files after the deadline are accepted and marked', async () => {
	const save = (who: TestPerson, due: string, slides = 50) =>
		callAs(db.owner, who, 'public.save_file_settings($1, $2, $3, 20)', [world.summit, due, slides]);
	expect([await save(speaker, '2026-01-01'), await save(world.people.programme, '2026-01-01', 101)]).toEqual([
		'not_allowed',
		'invalid'
	]);
	expect(await save(world.people.programme, '2026-01-01')).toBe('ok');
	expect((await upload(db.owner, speaker, { session })).late).toBe(true);
	expect(await save(world.people.programme, new Date(Date.now() + 3_600_000).toISOString(), 7)).toBe('ok');
	expect((await upload(db.owner, speaker, { session })).late).toBe(false);
	expect((await callAs<Answer>(db.owner, speaker, `public.begin_session_file($1, 'slides')`, [session])).bytes).toBe(
		7_000_000
	);
	const counts = await callAs<{ sessions: Record<string, object> }>(
		db.owner,
		speaker,
		'public.count_my_session_files($1)',
		[world.summit]
	);
	expect(counts.sessions[session]).toEqual({ slides: 2, handouts: 0 });
	expect(Object.keys(counts.sessions).sort()).toEqual([session, world.sessions.closed.id].sort());
	const listed = async (who: TestPerson) =>
		(
			await callAs<{ sessions: { id: string; slides: number; late: boolean }[] } | null>(
				db.owner,
				who,
				'public.list_session_files($1)',
				[world.summit]
			)
		)?.sessions;
	expect((await listed(world.people.programme))?.find(({ id }) => id === session)).toMatchObject({
		slides: 2,
		late: true
	});
	expect(await listed(world.people.registration)).toBeUndefined();
	expect((await listed(world.people.owner))?.some(({ id }) => id === world.sessions.closed.id)).toBe(false);
});

test('two uploads at once make two versions, and the limit is thirty files', async () => {
	const { file } = await upload(db.owner, speaker, { session });
	const crowd = await connectMany(db, 12);
	const given: string[] = [];
	for (const _client of crowd) given.push(await putObject(db.owner));
	const answers = await Promise.all(
		crowd.map((client, n) =>
			upload(
				db.owner,
				n % 2 ? speaker : world.people.programme,
				{ session, file: file ?? null, object: given[n] ?? '' },
				client
			)
		)
	);
	expect(answers.map(({ number }) => number).sort((a, b) => Number(a) - Number(b))).toEqual(
		[...Array(12).keys()].map((n) => n + 2)
	);
	const three = async (client: pg.Client) => {
		const own: string[] = [];
		for (let n = 0; n < 3; n += 1)
			own.push((await upload(db.owner, speaker, { session, object: objects.pop() ?? '' }, client)).status);
		return own;
	};
	const objects: string[] = [];
	for (let n = 0; n < 36; n += 1) objects.push(await putObject(db.owner));
	const many = (await Promise.all(crowd.map(three))).flat();
	expect(many.filter((status) => status === 'ok')).toHaveLength(29);
	expect(many.filter((status) => status === 'full')).toHaveLength(7);
});

test('a misleading file name is not kept, and removing a file marks its objects for deletion', async () => {
	await expect(upload(db.owner, speaker, { session, name: 'a\u202efdp.exe' })).rejects.toThrow('check constraint');
	await expect(upload(db.owner, speaker, { session, name: '../a.pdf' })).rejects.toThrow('check constraint');
	const object = await putObject(db.owner);
	const { file } = await upload(db.owner, speaker, { session, object });
	expect(await callAs(db.owner, world.people.delegate, 'public.remove_session_file($1)', [file])).toBe('not_found');
	expect(await callAs(db.owner, speaker, 'public.remove_session_file($1)', [file])).toBe('ok');
	expect([await stateOf(object), await versionOf(file, 1)]).toEqual(['deletable', undefined]);
});

test('a file is not removed while a legal hold is on files of the Summit, or on who uploaded a version', async () => {
	const { summit, people } = world;
	const object = await putObject(db.owner);
	const { file } = await upload(db.owner, speaker, { session, object });
	const remove = () => callAs(db.owner, people.programme, 'public.remove_session_file($1)', [file]);
	for (const [kind, of, person] of [
		['files', summit, null],
		[null, null, speaker.person]
	] as const) {
		await db.owner.query(
			`insert into private.legal_holds (class, summit_id, person_id, reason, placed_by) values ($1, $2, $3, 'Test', $4)`,
			[kind, of, person, people.owner.person]
		);
		expect([await remove(), await stateOf(object)]).toEqual(['held', 'kept']);
		// It can be taken down all the same.
		expect(await callAs(db.owner, speaker, 'public.publish_session_file($1, $2)', [file, 'stage'])).toBe('ok');
		await db.owner.query('delete from private.legal_holds');
	}
	expect([await remove(), await stateOf(object)]).toEqual(['ok', 'deletable']);
});
