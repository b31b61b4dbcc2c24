/* Background jobs of files: files are scanned before anybody gets them, and storage and rows stay consistent. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { closePool } from '../../../src/lib/database/server/pool.ts';
import { scan, scannerAddress } from '../../../src/lib/files/server/clamd.ts';
import { fileProbes } from '../../../src/lib/files/server/probes.ts';
import { scanJobs, scanVersion } from '../../../src/lib/files/server/scanning.ts';
import { fileStore, objectName } from '../../../src/lib/files/server/store.ts';
import { clearIncoming, compareStore, eraseObjects } from '../../../src/lib/files/server/sweep.ts';
import { startScanner, type ScannerDouble } from '../../fixtures/clamd.ts';
import { eicar, pdf } from '../../fixtures/documents.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { upload } from '../../fixtures/uploading.ts';
import { makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
let session: string;
let speaker: TestPerson;
let scanner: ScannerDouble;
const folder = mkdtempSync(join(tmpdir(), 'duties-'));

beforeAll(async () => {
	world = await makeWorld(db.owner);
	session = world.sessions.public.id;
	speaker = world.people.speaker;
	scanner = await startScanner();
	Object.assign(process.env, { APP_DATABASE_URL: db.appUrl, FILES_DIR: folder });
});
afterAll(async () => {
	delete process.env['CLAMD_URL'];
	delete process.env['FILES_DIR'];
	await closePool();
	await scanner.stop();
	rmSync(folder, { recursive: true });
});
beforeEach(async () => {
	process.env['CLAMD_URL'] = scanner.url;
	scanner.mood = 'well';
	await db.owner.query('delete from private.session_files');
	await eraseObjects(fileStore());
});

/** A version with its bytes in storage. */
async function brought(content: Buffer, state = 'waiting'): Promise<{ version: string; file: string; object: string }> {
	const object = objectName();
	await db.owner.query('select private.begin_object($1, $2, $3, $4, $5)', [
		object,
		'application/pdf',
		content.length,
		'ab'.repeat(32),
		state
	]);
	const path = join(folder, `in-${object}`);
	writeFileSync(path, content);
	await fileStore().put(object, path, 'application/pdf');
	const { version = '', file = '' } = await upload(db.owner, speaker, { session, object });
	return { version, file, object };
}

const stateOf = (object: string) =>
	readValue<{ scan: string; note: string; attempts: number; state: string }>(
		db.owner,
		`select jsonb_build_object('scan', scan, 'note', scan_note, 'attempts', scan_attempts, 'state', state) from private.stored_objects where name = $1`,
		[object]
	);
const isOpen = async (file: string) =>
	(await callAs(db.owner, null, 'public.open_session_file($1, $2)', [world.summit, file])) !== null;
/** The job of each minute, and the jobs that it starts. */
async function round(): Promise<string[]> {
	const asked: string[] = [];
	await scanJobs()[0]?.run(null, (jobs) => Promise.resolve(void asked.push(...jobs.map(({ id }) => id))));
	for (const id of asked) await scanVersion(id);
	return asked;
}
const itsTurn = (object: string) =>
	db.owner.query('update private.stored_objects set scan_due_at = now() where name = $1', [object]);

test('a file is available only after a scan found the whole of it clean', async () => {
	const content = Buffer.concat([pdf(), Buffer.alloc(3_000_000, 7)]);
	const { version, file, object } = await brought(content);
	expect(await isOpen(file)).toBe(false);
	await scanVersion(version);
	expect([await isOpen(file), (await stateOf(object)).scan]).toEqual([true, 'clean']);
	expect(scanner.looked.at(-1)?.equals(content)).toBe(true);
	// Two events for the same file scan it once.
	await scanVersion(version);
	expect(scanner.looked).toHaveLength(1);
});

test('an infected file is refused, and its bytes are deleted', async () => {
	const { version, file, object } = await brought(Buffer.concat([pdf(), eicar]));
	await scanVersion(version);
	expect(await stateOf(object)).toMatchObject({ scan: 'refused', note: 'Eicar-Test-Signature', state: 'deletable' });
	expect([await isOpen(file), await eraseObjects(fileStore()), await fileStore().open(object)]).toEqual([
		false,
		1,
		null
	]);
	// The version stays in the list with its result.
	expect(await callAs(db.owner, world.people.programme, 'public.read_session_files($1)', [session])).toMatchObject({
		files: [{ versions: [{ state: 'refused', note: 'Eicar-Test-Signature' }] }]
	});
});

// Their bytes come from this server (recordings, portraits), or are sealed before they are stored (answers).
const neverScanned = [
	'private.logistics_answers.object_name',
	'private.portraits.large_object',
	'private.portraits.small_object',
	'private.recording_chunks.object_name',
	'private.recording_copies.object_name',
	'private.recording_language_chunks.object_name',
	'private.recording_languages.object_name',
	'private.recording_languages.whole_object_name',
	'private.recording_trims.object_name',
	'private.recordings.object_name'
];

test('every kind of uploaded file is scanned', async () => {
	const { rows } = await db.owner.query<{ uses: string }>(
		`select format('%s.%s', c.conrelid::regclass, a.attname) as uses
		from pg_catalog.pg_constraint as c join pg_catalog.pg_attribute as a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
		where c.contype = 'f' and c.confrelid = 'private.stored_objects'::regclass
			and (select prosrc from pg_catalog.pg_proc where oid = 'private.scanned_files()'::regprocedure) !~ (c.conrelid::regclass::text || ' as')
		order by 1`
	);
	expect(rows.map(({ uses }) => uses)).toEqual(neverScanned);
});

test('files of the library that arrived without a scanner are scanned, and a refused one is not served', async () => {
	const [clean, infected] = [objectName(), objectName()];
	for (const [object, content] of [
		[clean, pdf()],
		[infected, Buffer.concat([pdf(), eicar])]
	] as const) {
		await db.owner.query(`select private.begin_object($1, 'application/pdf', $2, repeat('ab', 32), 'unscanned')`, [
			object,
			content.length
		]);
		await db.owner.query('select private.mark_object_used($1)', [object]);
		const path = join(folder, `in-${object}`);
		writeFileSync(path, content);
		await fileStore().put(object, path, 'application/pdf');
	}
	const map = JSON.stringify({ original: 'en', en: 'A paper' });
	await db.owner.query(
		`with item as (insert into private.library_items (owner_id) values ($1) returning id),
		version as (insert into private.library_versions (item_id, number, kind, title, summary, licence, issued_on, level)
			select id, 1, 'report', $2::jsonb, $2::jsonb, 'cc0', current_date, 'public' from item returning item_id)
		insert into private.library_files (item_id, number, language, object_name, shown_name)
		select item_id, 1, given.language, given.object, 'paper.pdf' from version,
			(values ('en', $3), ('fr', $4)) as given (language, object)`,
		[world.people.focal.person, map, clean, infected]
	);
	const open = async (object: string) => {
		const file = await readValue(db.owner, 'select id from private.library_files where object_name = $1', [object]);
		return callAs(db.owner, world.people.focal, 'public.open_library_file($1)', [file]);
	};
	expect(await open(clean)).not.toBeNull();
	await round();
	expect([(await stateOf(clean)).scan, (await stateOf(infected)).scan]).toEqual(['clean', 'refused']);
	await eraseObjects(fileStore());
	expect([await open(clean), await open(infected)]).toEqual([expect.anything(), null]);
	expect((await stateOf(infected)).state).toBe('gone');
});

test.each([
	['breaks off', 'breaks'],
	['takes no more', 'full']
] as const)(
	'a scanner that %s is tried again, organisers are notified, and the file never counts as clean',
	async (_what, mood) => {
		const { version, file, object } = await brought(pdf());
		scanner.mood = mood;
		for (let attempts = 1; attempts <= 5; attempts += 1) {
			await scanVersion(version);
			expect(await stateOf(object)).toMatchObject({ attempts, scan: attempts < 5 ? 'waiting' : 'failed' });
			expect(await round()).toEqual([]);
		}
		expect(await isOpen(file)).toBe(false);
		const listed = await callAs<{ sessions: { id: string; failed: number }[] }>(
			db.owner,
			world.people.programme,
			'public.list_session_files($1)',
			[world.summit]
		);
		expect(listed.sessions.find(({ id }) => id === session)?.failed).toBe(1);
		expect(await callAs(db.owner, speaker, 'public.rescan_file_version($1)', [version])).toBe('not_found');
		expect(await callAs(db.owner, world.people.programme, 'public.rescan_file_version($1)', [version])).toBe('ok');
		scanner.mood = 'well';
		expect(await round()).toEqual([version]);
		expect([await isOpen(file), (await stateOf(object)).scan]).toEqual([true, 'clean']);
	}
);

test('a missing or hanging scanner is reported as a failure without long waits', async () => {
	const address = scannerAddress(scanner.url);
	if (!address) throw new Error('no address');
	scanner.mood = 'hangs';
	const bytes = async function* () {
		yield pdf();
	};
	expect(await scan(address, bytes(), 300)).toEqual({ result: 'failed', why: 'hangs' });
	expect(await scan({ host: '127.0.0.1', port: 1 }, bytes(), 300)).toEqual({ result: 'failed', why: 'ECONNREFUSED' });
	scanner.mood = 'full';
	expect(await scan(address, bytes(), 300)).toEqual({ result: 'failed', why: 'INSTREAM size limit exceeded. ERROR' });
	const endless = async function* () {
		for (;;) yield Buffer.alloc(100_000);
	};
	expect((await scan(address, endless(), 300)).result).toBe('failed');
});

test('without a scanner no file waits, and a scanner added later checks all earlier files', async () => {
	delete process.env['CLAMD_URL'];
	const { file, object, version } = await brought(pdf());
	expect(await round()).toEqual([]);
	expect([(await stateOf(object)).scan, await isOpen(file)]).toEqual(['unscanned', true]);
	process.env['CLAMD_URL'] = scanner.url;
	expect(await round()).toEqual([version]);
	expect([(await stateOf(object)).scan, await isOpen(file)]).toEqual(['clean', true]);
	await itsTurn(object);
	expect(await round()).toEqual([]);
});

test('objects without a row are deleted, rows without an object are marked, and complete ones stay', async () => {
	const store = fileStore();
	const [whole, lost] = [await brought(pdf(), 'clean'), await brought(pdf(), 'clean')];
	const orphan = objectName();
	const path = join(folder, 'stray');
	writeFileSync(path, 'x');
	await store.put(orphan, path, 'text/plain');
	// An upload in progress already has its row.
	const coming = objectName();
	await db.owner.query(`select private.begin_object($1, 'text/plain', 1, $2, 'clean')`, [coming, 'ab'.repeat(32)]);
	writeFileSync(path, 'x');
	await store.put(coming, path, 'text/plain');
	await store.remove([lost.object]);
	expect(await compareStore(store)).toEqual({ dropped: 1, lost: 1 });
	expect([await store.open(orphan), await isOpen(lost.file), await isOpen(whole.file)]).toEqual([null, false, true]);
	await (await store.open(coming))?.cancel();
	expect((await stateOf(lost.object)).state).toBe('lost');
	expect(await callAs(db.owner, speaker, 'public.restore_file_version($1)', [lost.version])).toBe('refused');
	expect(await compareStore(store)).toEqual({ dropped: 0, lost: 0 });
	// An upload that never finished is deleted two hours later.
	expect(await eraseObjects(store)).toBe(0);
	expect(await eraseObjects(store, new Date(Date.now() + 3 * 3_600_000))).toBe(1);
	expect([await store.open(coming), await stateOf(coming)]).toEqual([null, undefined]);
});

test('a file that is removed during the sweep is deleted once, and its row last', async () => {
	const store = fileStore();
	const { file, object } = await brought(pdf());
	await callAs(db.owner, speaker, 'public.remove_session_file($1)', [file]);
	const broken = { ...store, remove: () => Promise.reject(new Error('away')) };
	await expect(eraseObjects(broken)).rejects.toThrow('away');
	expect((await stateOf(object)).state).toBe('deletable');
	expect([await eraseObjects(store), await stateOf(object), await eraseObjects(store)]).toEqual([1, undefined, 0]);
});

test('partial copies of a killed process are deleted after an hour', async () => {
	const [old, fresh] = [join(folder, 'incoming-test', 'old'), join(folder, 'incoming-test', 'fresh')];
	mkdirSync(join(folder, 'incoming-test'));
	for (const path of [old, fresh]) writeFileSync(path, 'half');
	// Recordings are made in folders: one was abandoned, and one is still being written.
	const [left, used] = [join(folder, 'incoming-test', 'copy-left'), join(folder, 'incoming-test', 'copy-used')];
	for (const place of [left, used]) {
		mkdirSync(place);
		writeFileSync(join(place, 'whole.webm'), 'half');
	}
	for (const path of [old, join(left, 'whole.webm'), left, used]) utimesSync(path, new Date(0), new Date(0));
	await clearIncoming(join(folder, 'incoming-test'));
	expect([old, fresh, left, used].map((path) => existsSync(path))).toEqual([false, true, false, true]);
	await clearIncoming(join(folder, 'not-there'));
});

test('storage and scanner report whether they are available', async () => {
	const asked = async () => {
		const { files, scanner: probe } = fileProbes();
		return [await files().catch(() => false), probe && (await probe())];
	};
	expect(await asked()).toEqual([true, true]);
	scanner.mood = 'breaks';
	expect(await asked()).toEqual([true, false]);
	scanner.mood = 'full';
	expect(await asked()).toEqual([true, false]);
	delete process.env['CLAMD_URL'];
	expect(await asked()).toEqual([true, null]);
	// A file is in the place of the folder.
	process.env['FILES_DIR'] = join(folder, 'taken');
	writeFileSync(join(folder, 'taken'), '');
	expect(await asked()).toEqual([false, null]);
	process.env['FILES_DIR'] = folder;
});
