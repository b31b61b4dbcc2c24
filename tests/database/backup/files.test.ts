/* Stored files are copied once, none that a backup names is lost, and those that none names any more are deleted. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { closePool } from '#lib/database/server/pool.ts';
import { folderStore } from '#lib/files/server/folder-store.ts';
import { objectName, type FileStore } from '#lib/files/server/store.ts';
import { compareStore, eraseObjects } from '#lib/files/server/sweep.ts';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { backUp } from '../../../src/local/backup/making.ts';
import { momentOf, backupName } from '../../../src/local/backup/manifest.ts';
import { keptObjects, objectPath } from '../../../src/local/backup/objects.ts';
import { rotate } from '../../../src/local/backup/rotation.ts';
import { checkFiles, putFiles } from '../../../src/local/backup/stored.ts';
import { makeBackupWorld, type BackupWorld } from '../../fixtures/backing-up.ts';
import { useDatabase } from '../../fixtures/database.ts';

const db = useDatabase();
let world: BackupWorld;
let store: FileStore;

beforeAll(() => {
	process.env['APP_DATABASE_URL'] = db.appUrl;
});
beforeEach(async () => {
	await db.owner.query('delete from private.stored_objects');
	world = await makeBackupWorld();
	store = folderStore(join(world.folder, 'files', 'objects'));
	return () => world.drop();
});
afterAll(() => closePool());

/** Stores a file of so many bytes, and answers its name. */
async function storeFile(size = 1000): Promise<string> {
	const [name, bytes] = [objectName(), randomBytes(size)];
	const path = join(mkdtempSync(join(world.folder, 'new-')), name);
	writeFileSync(path, bytes);
	await db.owner.query(
		`insert into private.stored_objects (name, media_type, size, sha256, state, scan) values ($1, 'application/pdf', $2, $3, 'kept', 'clean')`,
		[name, size, createHash('sha256').update(bytes).digest()]
	);
	await store.put(name, path, 'application/pdf');
	return name;
}

const setState = (names: string[], state: string) =>
	db.owner.query(
		`update private.stored_objects set state = $2, changed_at = now() - interval '1 day' where name = any ($1)`,
		[names, state]
	);

const copies = () =>
	readdirSync(world.place.address, { recursive: true, encoding: 'utf8' })
		.filter((file) => /^objects\/.*\.age$/.test(file))
		.map((file) => file.slice(-36, -4))
		.sort();

/** Gives a backup the name of another day. */
function moveBack(name: string, days: number): string {
	const older = backupName(new Date(momentOf(name).getTime() - days * 86_400_000));
	const manifest = join(world.place.address, name, 'backup.json');
	writeFileSync(manifest, readFileSync(manifest, 'utf8').replaceAll(name, older));
	renameSync(join(world.place.address, name), join(world.place.address, older));
	return older;
}

test('a second backup copies what is new, and a restore has every file', async () => {
	const old = [await storeFile(1), await storeFile(65_536), await storeFile(200_000)];
	await world.make(db.url);
	const added = await storeFile();
	const opened: string[] = [];
	const counting: FileStore = { ...store, open: (name) => (opened.push(name), store.open(name)) };
	const { name, objects } = await world.make(db.url, { store: counting });
	expect(opened).toEqual([added]);
	expect(objects).toMatchObject({ count: 4, missing: [] });
	const backup = await world.open(name);
	const kept = await keptObjects(db.owner);
	expect(await checkFiles(backup, kept)).toEqual({ whole: 4, missing: 0, faults: [] });
	const restored = folderStore(join(world.folder, 'restored'));
	expect(await putFiles(backup, kept, restored)).toEqual({ whole: 4, missing: 0, faults: [] });
	// Once more: what is there is compared, not written again.
	expect(await putFiles(backup, kept, restored)).toEqual({ whole: 4, missing: 0, faults: [] });
	for (const each of [...old, added]) {
		const bytes = async (from: FileStore) =>
			Buffer.from(await new Response((await from.open(each)) ?? undefined).arrayBuffer());
		expect((await bytes(restored)).equals(await bytes(store))).toBe(true);
	}
});

test('while a backup copies, nothing is deleted that it names', async () => {
	const names = [await storeFile(), await storeFile(), await storeFile(), await storeFile()].sort();
	const [first = '', ...others] = names;
	const swept: unknown[] = [];
	const sweeping: FileStore = {
		...store,
		async open(name) {
			// After the first file all others are let go of, and one loses even its row.
			if (name === first) {
				await setState(others.slice(1), 'deletable');
				await db.owner.query('delete from private.stored_objects where name = $1', [others[0]]);
				swept.push(await eraseObjects(store), (await compareStore(store)).dropped);
			}
			return store.open(name);
		}
	};
	const { name } = await world.make(db.url, { store: sweeping });
	expect(swept).toEqual([0, 0]);
	expect((await world.open(name)).objects.map((object) => object.name)).toEqual(names);
	expect(copies()).toEqual(names);
	expect([await eraseObjects(store), (await compareStore(store)).dropped]).toEqual([2, 1]);
});

test('what was let go of before the moment of the backup is not in it', async () => {
	const [kept, gone] = [await storeFile(), await storeFile()];
	await setState([gone], 'deletable');
	expect((await world.make(db.url)).objects.count).toBe(1);
	expect(copies()).toEqual([kept]);
});

test('a file that the store has lost is named, and does not stop the backup', async () => {
	const [kept, lost] = [await storeFile(), await storeFile()];
	await store.remove([lost]);
	const { name, objects } = await world.make(db.url);
	expect(objects).toMatchObject({ count: 1, missing: [lost] });
	expect(await checkFiles(await world.open(name), await keptObjects(db.owner))).toEqual({
		whole: 1,
		missing: 1,
		faults: []
	});
	expect(copies()).toEqual([kept]);
});

test('a file that was cut, changed, exchanged or removed in the place is found, and not restored', async () => {
	const names = [await storeFile(), await storeFile(), await storeFile(), await storeFile(), await storeFile()];
	const { name, objects } = await world.make(db.url);
	const [cut, changed, exchanged, removed, good] = names as [string, string, string, string, string];
	const path = (object: string) => join(world.place.address, objectPath(objects.folder, object));
	writeFileSync(path(cut), readFileSync(path(cut)).subarray(0, -100));
	const bytes = readFileSync(path(changed));
	bytes[bytes.length - 500] = (bytes.at(-500) ?? 0) ^ 1;
	writeFileSync(path(changed), bytes);
	writeFileSync(path(exchanged), readFileSync(path(good)));
	rmSync(path(removed));
	const restored = folderStore(join(world.folder, 'restored'));
	const { whole, faults } = await putFiles(await world.open(name), await keptObjects(db.owner), restored);
	expect(whole).toBe(1);
	expect(faults).toHaveLength(4);
	expect(faults.join('\n')).toContain('it is missing');
	expect(faults.join('\n')).toContain('it is not the file that the database names');
	for (const each of [cut, changed, exchanged, removed]) expect(await restored.open(each)).toBe(null);
});

test('rotation deletes backups, and the files that only they name', async () => {
	const [old, both] = [await storeFile(), await storeFile()];
	const first = moveBack((await world.make(db.url)).name, 3);
	await setState([old], 'deletable');
	await eraseObjects(store);
	const fresh = await storeFile();
	const second = await world.make(db.url);
	expect(copies()).toEqual([old, both, fresh].sort());
	expect(await rotate(world.place, { days: 2, weeks: 0, months: 0 })).toEqual({ dropped: [], files: 0 });
	expect(await rotate(world.place, { days: 1, weeks: 0, months: 0 })).toEqual({ dropped: [first], files: 1 });
	expect(copies()).toEqual([both, fresh].sort());
	expect(await world.place.list('')).toEqual([`${second.name}/`, 'objects/', 'place.json']);
	expect((await checkFiles(await world.open(), await keptObjects(db.owner))).faults).toEqual([]);
});

test.each([
	['was changed', 'objects.txt', (text: string) => text.replace(/^../, 'zz')],
	['lost its last line', 'objects.txt', () => ''],
	['has a manifest that was cut off', 'backup.json', (text: string) => text.slice(0, 100)]
])('a backup is good where an older one %s, and nothing is deleted', async (_, file, change) => {
	const [old] = [await storeFile(), await storeFile()];
	const first = moveBack((await world.make(db.url)).name, 3);
	const path = join(world.place.address, first, file);
	writeFileSync(path, change(readFileSync(path, 'utf8')));
	await setState([old], 'deletable');
	const before = copies();
	const warnings: string[] = [];
	let whole: string | undefined;
	const made = await backUp(world.source(db.url), {
		place: world.place,
		recipients: [world.recipient],
		keep: { days: 7, weeks: 0, months: 0 },
		say: () => undefined,
		warn: (line) => warnings.push(line),
		onMade: async ({ manifest }) => {
			whole = manifest.name;
		}
	});
	expect(made.isRotated).toBe(false);
	expect(warnings).toEqual([expect.stringContaining('older ones could not be deleted')]);
	expect(copies()).toEqual(before);
	expect(whole).toBe(made.manifest.name);
	expect((await checkFiles(await world.open(whole), await keptObjects(db.owner))).faults).toEqual([]);
});

test('an older backup whose manifest has less is rotated all the same', async () => {
	const first = moveBack((await world.make(db.url)).name, 3);
	const path = join(world.place.address, first, 'backup.json');
	const manifest = JSON.parse(readFileSync(path, 'utf8')) as { parts: Record<string, unknown> };
	delete manifest.parts['tables'];
	writeFileSync(path, JSON.stringify(manifest));
	await world.make(db.url);
	expect(await rotate(world.place, { days: 7, weeks: 0, months: 0 })).toEqual({ dropped: [], files: 0 });
	expect(await rotate(world.place, { days: 1, weeks: 0, months: 0 })).toEqual({ dropped: [first], files: 0 });
});

test('folders that no backup made are left alone', async () => {
	await world.make(db.url);
	await world.place.put('objects/of-others/ab/file', 'x');
	expect(await rotate(world.place, { days: 1, weeks: 0, months: 0 })).toEqual({ dropped: [], files: 0 });
	expect(await world.place.read('objects/of-others/ab/file')).toBe('x');
});

test('with a manifest that cannot be read no file is deleted', async () => {
	const old = await storeFile();
	const first = moveBack((await world.make(db.url)).name, 3);
	await setState([old], 'deletable');
	await world.make(db.url);
	writeFileSync(join(world.place.address, first, 'backup.json'), '{"format": 1');
	await expect(rotate(world.place, { days: 7, weeks: 0, months: 0 })).rejects.toThrow('cannot be read');
	expect(copies()).toEqual([old]);
});

test('for another recipient everything is copied again, and both open theirs', async () => {
	await storeFile();
	await world.make(db.url);
	moveBack((await world.open()).manifest.name, 3);
	const identity = await generateX25519Identity();
	await backUp(world.source(db.url), {
		place: world.place,
		recipients: [await identityToRecipient(identity)],
		keep: { days: 7, weeks: 4, months: 12 },
		say: () => undefined,
		warn: () => undefined
	});
	expect(copies()).toHaveLength(2);
	const newest = await world.open();
	const kept = await keptObjects(db.owner);
	expect((await checkFiles(newest, kept)).faults).toHaveLength(1);
	expect((await checkFiles({ ...newest, identities: [identity] }, kept)).faults).toEqual([]);
});
