/* Questions that are answered with a file: who opens it, that it goes with its answer, and that its bytes are sealed. */
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { callPrivate, closePool } from '../../../src/lib/database/server/pool.ts';
import { receiveFiles } from '../../../src/lib/files/server/incoming.ts';
import { bytesOf, fileStore } from '../../../src/lib/files/server/store.ts';
import { eraseObjects } from '../../../src/lib/files/server/sweep.ts';
import { openBytes, storeAnswerFile } from '../../../src/lib/files/server/answer-files.ts';
import type { StoredFile } from '../../../src/lib/logistics/answer-files.ts';
import { startScanner, type ScannerDouble } from '../../fixtures/clamd.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { eicar, officeFile, pdf } from '../../fixtures/documents.ts';
import { logisticsDesk, logisticsField } from '../../fixtures/logistics.ts';
import { callAs, connectMany, readValue } from '../../fixtures/registering.ts';
import { inDays, sweepAt } from '../../fixtures/retention.ts';
import { objectStateOf } from '../../fixtures/uploading.ts';
import { actAs, makeWorld, personKinds, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
const folder = mkdtempSync(join(tmpdir(), 'answers-'));
let world: World;
let scanner: ScannerDouble;

beforeAll(async () => {
	scanner = await startScanner();
	Object.assign(process.env, {
		APP_DATABASE_URL: db.appUrl,
		FILES_DIR: folder,
		SEALING_KEY: `test:${Buffer.alloc(32, 7).toString('base64')}`
	});
});
afterAll(async () => {
	for (const name of ['CLAMD_URL', 'FILES_DIR', 'SEALING_KEY']) delete process.env[name];
	await closePool();
	await scanner.stop();
	rmSync(folder, { recursive: true });
});
beforeEach(async () => {
	delete process.env['CLAMD_URL'];
	world = await makeWorld(db.owner);
});

const { saveField, answer, answers, mine, read, putOnAlias } = logisticsDesk(
	() => db.owner,
	() => world
);
const passport = (more: Record<string, unknown> = {}) =>
	logisticsField('passport_copy', { kind: 'file', file_sort: 'document', is_identity: true, ...more });

/** Stores a file as the app does when a form brings it. */
async function store(
	field: string,
	content: Buffer = pdf('canary of Wren'),
	sort: 'document' | 'picture' = 'document'
) {
	const data = new FormData();
	data.append('file', new Blob([Uint8Array.from(content)]), 'Wren Canary.pdf');
	const request = new Request('http://x', { method: 'POST', body: data });
	const { files } = await receiveFiles(request, { fileSize: 100_000, files: 1, fields: 1, fieldSize: 10 });
	const file = files.get('file') ?? 'too_large';
	try {
		return await storeAnswerFile({ id: field, file_sort: sort }, file);
	} finally {
		if (file !== 'too_large') await file.drop();
	}
}

async function stored(field: string): Promise<StoredFile> {
	const made = await store(field);
	if (typeof made === 'string') throw new Error(made);
	return made;
}

/** A question with the file that the delegate gave. */
async function given(more: Record<string, unknown> = {}): Promise<{ id: string; file: StoredFile }> {
	const { id } = await saveField(passport(more));
	const file = await stored(id);
	expect((await answer({ [id]: file })).status).toBe('ok');
	return { id, file };
}

const reference = () =>
	readValue<string>(db.owner, 'select reference from public.registrations where id = $1', [
		world.registrations.delegate
	]);
const open = async (id: string, by: TestPerson, summit = world.summit) =>
	callAs<{ registration: string } | null>(db.owner, by, 'public.open_answer_file($1, $2, $3)', [
		summit,
		id,
		await reference()
	]);
const openOwn = (id: string, by: TestPerson) =>
	callAs<string | null>(db.owner, by, 'public.open_own_file($1, $2)', [world.summit, id]);
const readings = () => callAs<{ kind: string }[]>(db.owner, world.people.delegate, 'public.my_readings()', []);

describe('the store', () => {
	test('keeps bytes that nobody reads without the answer, and that open for no other question or change', async () => {
		const { id, file } = await given();
		const bytes = Buffer.from((await bytesOf(file.object)) ?? []);
		expect(bytes.includes('%PDF')).toBe(false);
		expect(bytes.includes('canary')).toBe(false);
		const row = await readValue<string>(
			db.owner,
			`select array_to_string(array_agg(a::text), ' ') from private.logistics_answers as a`,
			[]
		);
		expect(row).not.toContain('Wren');
		const sealed = { field: id, answer_sealed: file.sealed, file_key_sealed: file.file_key, key_id: file.key_id };
		expect(Buffer.from((await openBytes(file.object, sealed)) ?? []).toString()).toContain('canary of Wren');
		expect(await openBytes(file.object, { ...sealed, field: world.summit })).toBeNull();
		const [found] = await callPrivate('sealed_file', [world.registrations.delegate, id]);
		expect(found).toEqual({
			object_name: file.object,
			answer_sealed: file.sealed,
			file_key_sealed: file.file_key,
			key_id: 'test'
		});
		const path = join(folder, 'objects', file.object.slice(0, 2), file.object);
		const altered = readFileSync(path);
		altered[altered.length - 1] = (altered.at(-1) ?? 0) ^ 1;
		writeFileSync(path, altered);
		expect(await openBytes(file.object, sealed)).toBeNull();
	});

	test('refuses other types, and what the scanner finds or cannot scan, and leaves nothing behind', async () => {
		const { id } = await saveField(passport());
		const before = await readValue<number>(db.owner, 'select count(*)::integer from private.stored_objects', []);
		expect(await store(id, officeFile('docx'))).toBe('type');
		expect(await store(id, pdf(), 'picture')).toBe('type');
		expect(await store(id, Buffer.from('text'))).toBe('type');
		expect(await store(id, Buffer.alloc(0))).toBe('empty');
		expect(await store(id, Buffer.alloc(200_000, 1))).toBe('too_large');
		process.env['CLAMD_URL'] = scanner.url;
		expect(await store(id, pdf(eicar.toString()))).toBe('infected');
		scanner.mood = 'breaks';
		expect(await store(id)).toBe('unchecked');
		scanner.mood = 'well';
		expect(readdirSync(join(folder, 'incoming'))).toEqual([]);
		expect(await readValue(db.owner, 'select count(*)::integer from private.stored_objects', [])).toBe(before);
		const { object } = await stored(id);
		expect(await readValue(db.owner, 'select scan from private.stored_objects where name = $1', [object])).toBe(
			'clean'
		);
	});
});

describe('answering', () => {
	test('needs an object that was just stored; a second answer with the same one is refused', async () => {
		const { id, file } = await given();
		expect(await answer({ [id]: file })).toEqual({ status: 'invalid', faults: [id] });
		const { object: _, ...without } = await stored(id);
		expect(await answer({ [id]: without })).toEqual({ status: 'invalid', faults: [id] });
		expect(await answer({ [id]: { ...without, object: 'a'.repeat(32) } })).toEqual({ status: 'invalid', faults: [id] });
		expect(await answer({ [id]: { value: ['given'] } })).toEqual({ status: 'invalid', faults: [id] });
		for (const by of personKinds.filter((kind) => kind !== 'delegate'))
			expect(await answer({ [id]: await stored(id) }, world.people[by])).toEqual({ status: 'not_found' });
	});

	test('replaces a file, and deletes the one before; of ten at once one stays', async () => {
		const { id, file } = await given({ is_required: true });
		expect((await mine())?.missing).toEqual([]);
		const all = await Promise.all(Array.from({ length: 10 }, () => stored(id)));
		const clients = await connectMany(db, 10);
		const results = await Promise.all(
			clients.map((one, n) =>
				callAs<{ status: string }>(one, world.people.delegate, 'public.save_logistics_answers($1, $2)', [
					world.registrations.delegate,
					JSON.stringify({ [id]: all[n] })
				])
			)
		);
		expect(results.map(({ status }) => status)).toEqual(Array(10).fill('ok'));
		const states: string[] = [];
		for (const { object } of all) states.push(await objectStateOf(db.owner, object));
		expect(states.toSorted()).toEqual([...Array<string>(9).fill('deletable'), 'kept']);
		expect(await objectStateOf(db.owner, file.object)).toBe('deletable');
		await eraseObjects(fileStore());
		expect(await bytesOf(file.object)).toBeNull();
		expect(await answer({ [id]: null })).toEqual({ status: 'ok', missing: ['passport_copy'] });
		expect(await answers()).toBe(0);
	});

	test('of two pages, the second does not overwrite what the first saved', async () => {
		const { id } = await given();
		const shown = (await mine())?.version;
		const save = async () =>
			callAs<{ status: string }>(db.owner, world.people.delegate, 'public.save_logistics_answers($1, $2, $3)', [
				world.registrations.delegate,
				JSON.stringify({ [id]: await stored(id) }),
				shown
			]);
		expect([(await save()).status, (await save()).status]).toEqual(['ok', 'conflict']);
	});
});

describe('opening', () => {
	test('is for the person and the roles that the question names, at its Summit, and is recorded', async () => {
		const { id } = await given({ visible_to: ['finance'] });
		for (const kind of personKinds) {
			expect((await open(id, world.people[kind])) !== null, kind).toBe(kind === 'finance');
			expect((await openOwn(id, world.people[kind])) !== null, kind).toBe(kind === 'delegate');
		}
		const other = await makeWorld(db.owner);
		expect(await open(id, other.people.finance)).toBeNull();
		expect(await open(id, other.people.finance, other.summit)).toBeNull();
		expect(await open(id, world.people.finance, other.summit)).toBeNull();
		expect((await readings()).map(({ kind }) => kind)).toEqual(['answers']);
		await expect(
			actAs(db.owner, world.people.finance, `select private.sealed_file('${world.registrations.delegate}', '${id}')`)
		).rejects.toThrow(/permission denied/);
	});

	test('lists say only whether a file was given, which is no reading', async () => {
		const { id } = await given();
		expect(await read(id, world.people.registration)).toMatchObject({
			rows: [{ answer_sealed: null, key_id: null, value: ['given'] }]
		});
		const { delegate, virtual } = world.registrations;
		expect(
			await callAs(db.owner, world.people.registration, 'public.read_listed_answers($1, $2, $3)', [
				world.summit,
				[delegate, virtual],
				[id]
			])
		).toEqual({
			[delegate]: { [id]: { answer_sealed: null, key_id: null, value: ['given'] } },
			[virtual]: { [id]: { answer_sealed: null, key_id: null, value: ['missing'] } }
		});
		const list = (filters: object) =>
			callAs<{ rows: { id: string }[]; facets: { answer: Record<string, number> } }>(
				db.owner,
				world.people.registration,
				'public.list_registrations($1, $2)',
				[world.summit, JSON.stringify(filters)]
			);
		expect((await list({ answer: `${id}:given` })).rows.map((row) => row.id)).toEqual([delegate]);
		expect((await list({ answer: `${id}:missing` })).rows.map((row) => row.id)).toContain(virtual);
		expect((await list({})).facets.answer[`${id}:given`]).toBe(1);
		expect(await readings()).toEqual([]);
	});

	test('nobody else opens the file of a person under an alias; a question about a file always says who somebody is', async () => {
		const { id } = await given();
		await putOnAlias();
		expect(await open(id, world.people.registration)).toBeNull();
		expect(await openOwn(id, world.people.delegate)).toBe(world.registrations.delegate);
		expect(await read(id, world.people.registration)).toMatchObject({ withheld: 1, rows: [] });
		for (const more of [{ is_identity: false }, { for_host: true }, { team: 'registration' }, { file_sort: 'video' }])
			expect((await saveField({ ...passport(more), key: 'another' })).status).toBe('invalid');
	});
});

describe('the file goes with its answer', () => {
	const isGone = async ({ id, file }: { id: string; file: StoredFile }) => {
		expect(await objectStateOf(db.owner, file.object)).toBe('deletable');
		expect(await openOwn(id, world.people.delegate)).toBeNull();
		expect(await open(id, world.people.registration)).toBeNull();
	};

	test('when the person leaves', async () => {
		const made = await given();
		await callAs(db.owner, world.people.delegate, 'public.withdraw_registration($1)', [world.registrations.delegate]);
		await isGone(made);
	});

	test('when the question is not asked any more in their category, or at all', async () => {
		const made = await given({ categories: ['delegate'] });
		await db.owner.query(`update public.registrations set category = 'staff' where id = $1`, [
			world.registrations.delegate
		]);
		await isGone(made);
	});

	test('when the question is retired', async () => {
		const made = await given();
		await callAs(db.owner, world.people.registration, 'public.retire_logistics_field($1, $2)', [world.summit, made.id]);
		await isGone(made);
	});

	test('when its term ends', async () => {
		const made = await given({ erase_days: 0 });
		await sweepAt(db.owner, inDays(900));
		await isGone(made);
	});

	test('when the person is erased; until then their copy has it', async () => {
		const made = await given();
		const copied = await readValue<{ object: string; sealed: { field: string } | null }[]>(
			db.owner,
			'select private.files_of($1)',
			[world.people.delegate.person]
		);
		expect(copied.find(({ object }) => object === made.file.object)?.sealed?.field).toBe(made.id);
		await db.owner.query('select private.erase_person($1)', [world.people.delegate.person]);
		expect(await objectStateOf(db.owner, made.file.object)).toBe('deletable');
		expect(await readValue(db.owner, 'select private.files_of($1)', [world.people.delegate.person])).toEqual([]);
	});

	test('not while there is a legal hold on its person: neither the end of its term nor an erasure takes it', async () => {
		const { delegate, owner } = world.people;
		const made = await given({ erase_days: 0 });
		const other = await stored(made.id);
		expect((await answer({ [made.id]: other }, world.people.virtual, world.registrations.virtual)).status).toBe('ok');
		expect(
			await callAs(db.owner, owner, `public.place_legal_hold($1, null, $2, 'A court asked')`, [
				world.summit,
				await reference()
			])
		).toBe('ok');
		await sweepAt(db.owner, inDays(900));
		expect([await objectStateOf(db.owner, made.file.object), await objectStateOf(db.owner, other.object)]).toEqual([
			'kept',
			'deletable'
		]);
		expect(await callAs(db.owner, delegate, 'public.request_erasure()')).toBe('ok');
		await db.owner.query(`update private.erasure_requests set due_at = now() - interval '1 minute'`);
		expect(await readValue(db.app, 'select private.erase_due_person()')).toBe(false);
		await eraseObjects(fileStore());
		expect(await bytesOf(made.file.object)).not.toBeNull();
		expect(await openOwn(made.id, delegate)).toBeTruthy();
		await db.owner.query('update private.legal_holds set ended_at = now()');
		await sweepAt(db.owner, inDays(900));
		await isGone(made);
		await eraseObjects(fileStore());
		expect(await bytesOf(made.file.object)).toBeNull();
	});
});
