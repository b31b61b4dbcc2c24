import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@supabase/supabase-js';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startStorage, type StorageDouble } from '../../../../tests/fixtures/storage.ts';
import { folderStore } from './folder-store.ts';
import { storageStore } from './storage-store.ts';
import { objectName, type FileStore } from './store.ts';

const folder = mkdtempSync(join(tmpdir(), 'store-'));
let storage: StorageDouble;

beforeAll(async () => {
	storage = await startStorage();
});
afterAll(async () => {
	rmSync(folder, { recursive: true });
	await storage.stop();
});

const hosted = (key = storage.key) =>
	storageStore(createClient(storage.url, key, { auth: { persistSession: false } }), 'files');

function incoming(content: string): string {
	const path = join(folder, `in-${objectName()}`);
	writeFileSync(path, content);
	return path;
}

async function read(store: FileStore, name: string, range?: { start: number; end: number }): Promise<string | null> {
	const bytes = await store.open(name, range);
	return bytes && new Response(bytes).text();
}

async function names(store: FileStore): Promise<string[]> {
	const all: string[] = [];
	for await (const some of store.list()) all.push(...some);
	return all.sort();
}

describe.each([
	['a folder', () => folderStore(join(folder, 'objects'))],
	['Supabase Storage', () => hosted()]
])('%s', (_kind, make) => {
	test('has nothing at first, and then what was put there, whole or in part', async () => {
		const store = make();
		expect(await names(store)).toEqual([]);
		const [name, other] = [objectName(), objectName()];
		expect(await read(store, name)).toBeNull();
		const path = incoming('0123456789');
		await store.put(name, path, 'application/pdf');
		expect(existsSync(path)).toBe(false);
		await store.put(other, incoming('other'), 'text/plain');
		expect([await read(store, name), await read(store, other)]).toEqual(['0123456789', 'other']);
		expect(await read(store, name, { start: 2, end: 5 })).toBe('2345');
		expect(await read(store, name, { start: 9, end: 9 })).toBe('9');
		expect(await names(store)).toEqual([name, other].sort());
		await store.remove([name, objectName()]);
		expect([await read(store, name), await names(store)]).toEqual([null, [other]]);
		await store.remove([other]);
	});

	test('takes many, and gives them while others go', async () => {
		const store = make();
		const all = Array.from({ length: 24 }, objectName);
		await Promise.all(all.map((name) => store.put(name, incoming(name), 'text/plain')));
		const [gone, left] = [all.slice(0, 12), all.slice(12)];
		const [, ...texts] = await Promise.all([store.remove(gone), ...left.map((name) => read(store, name))]);
		expect(texts).toEqual(left);
		expect(await names(store)).toEqual([...left].sort());
		await store.remove(left);
	});
});

describe('a folder', () => {
	test('takes no name that leads out of it', async () => {
		const store = folderStore(join(folder, 'objects'));
		for (const name of ['../../etc/passwd', '', 'a', `${'a'.repeat(31)}/`, 'A'.repeat(32)])
			await expect(store.open(name)).rejects.toThrow('not the name of an object');
	});

	test('lists nothing that was not put there whole', async () => {
		const store = folderStore(join(folder, 'objects'));
		const name = objectName();
		await store.put(name, incoming('x'), 'text/plain');
		writeFileSync(join(folder, 'objects', name.slice(0, 2), `${objectName()}.part`), 'half');
		expect(await names(store)).toEqual([name]);
		expect(readdirSync(folder).filter((each) => each.startsWith('in-'))).toEqual([]);
		await store.remove([name]);
	});
});

describe('Supabase Storage', () => {
	afterEach(() => {
		storage.breaks = false;
	});

	test('reports what it did not do when it is unavailable or the key is wrong', async () => {
		const path = incoming('x');
		const wrong = hosted('wrong');
		await expect(wrong.put(objectName(), path, 'text/plain')).rejects.toThrow(
			/^Storage did not take the file \(\d+\)\.$/
		);
		await expect(wrong.open(objectName())).rejects.toThrow(/^Storage did not give a link \(\d+\)\.$/);
		storage.breaks = true;
		const store = hosted();
		await expect(store.put(objectName(), path, 'text/plain')).rejects.toThrow(
			'Storage did not take the file (no answer).'
		);
		await expect(store.remove([objectName()])).rejects.toThrow('Storage did not remove files (no answer).');
		await expect(names(store)).rejects.toThrow('Storage did not list files (no answer).');
		// What was not taken stays, for the next try or for deletion.
		expect(existsSync(path)).toBe(true);
		rmSync(path);
	});

	test('writes no object twice', async () => {
		const store = hosted();
		const name = objectName();
		await store.put(name, incoming('first'), 'text/plain');
		const path = incoming('second');
		await expect(store.put(name, path, 'text/plain')).rejects.toThrow('Storage did not take the file (409).');
		expect(await read(store, name)).toBe('first');
		rmSync(path);
		await store.remove([name]);
	});
});

test('names are random and of one form', () => {
	const all = Array.from({ length: 2000 }, objectName);
	expect(new Set(all).size).toBe(2000);
	expect(all.every((name) => /^[a-z2-7]{32}$/.test(name))).toBe(true);
});
