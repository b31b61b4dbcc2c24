/* The process that trims: it cuts the real file, stops at once when the trim is not wanted, and leaves nothing behind. */
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { closePool } from '../../../src/lib/database/server/pool.ts';
import { cutFile } from '../../../src/lib/recording/server/cutting.ts';
import { Trimming, whyNotCut } from '../../../src/lib/recording/server/trimming.ts';
import { recordingFile } from '../../../src/local/sample/recording/file.ts';
import { copyActs } from '../../fixtures/copying.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { makeRecordable, setOnStage } from '../../fixtures/recording.ts';
import { callAs } from '../../fixtures/registering.ts';
import type { TestPerson, World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
let chair: TestPerson;
let recording: string;
const { made, put } = copyActs(
	db,
	() => world,
	() => chair,
	() => recording
);

const folder = mkdtempSync(join(tmpdir(), 'trimming-'));
const film = readFileSync(recordingFile);
const reports: string[] = [];
let kept: Buffer | null = null;
let opened: () => ReadableStream<Uint8Array> | null;
const store = {
	open: async () => opened(),
	put: async (path: string, mediaType: string) => {
		kept = readFileSync(path);
		return put(mediaType);
	},
	abandon: async () => void (kept = null),
	folder: async () => folder
};
const trimming = (process: string) => new Trimming(process, store, (code) => reports.push(code));
const row = async () =>
	(
		await db.owner.query<{ attempts: number; reason: string; from_ms: number | null; object_name: string | null }>(
			`select attempts, reason, from_ms, object_name from private.recording_trims where recording_id = $1`,
			[recording]
		)
	).rows[0];

beforeAll(() => {
	process.env['APP_DATABASE_URL'] = db.appUrl;
});
afterAll(async () => {
	await closePool();
	rmSync(folder, { recursive: true });
});
beforeEach(async () => {
	await db.owner.query('delete from private.recordings');
	({ world, chair } = await makeRecordable(db.owner));
	await setOnStage(db.owner, chair, world.run, world.people.speaker);
	recording = await made();
	reports.length = 0;
	kept = null;
	opened = () => new Blob([film]).stream();
	expect(await callAs(db.owner, world.people.programme, 'public.trim_recording($1, 0, 8000)', [recording])).toBe('ok');
});

/** A file of which nothing comes. */
const never = () => new ReadableStream<Uint8Array>();

test('cuts the file, and stores how much is left', async () => {
	const job = trimming('p1');
	await job.round();
	await expect.poll(row).toMatchObject({ from_ms: null, reason: '', object_name: expect.any(String) as string });
	const { rows } = await db.owner.query<{ length_ms: number }>(
		`select length_ms from private.recordings where id = $1`,
		[recording]
	);
	expect(rows[0]?.length_ms).toBeLessThanOrEqual(8000);
	expect(kept?.length).toBeLessThan(film.length);
	await expect.poll(() => [readdirSync(folder), reports]).toEqual([[], []]);
});

test('stops at once when the trim is undone, and leaves nothing behind', async () => {
	opened = never;
	const job = trimming('p1');
	await job.round();
	await expect.poll(() => readdirSync(folder)).toHaveLength(1);
	expect(await callAs(db.owner, world.people.programme, 'public.undo_recording_trim($1)', [recording])).toBe('ok');
	await job.round();
	await expect.poll(() => readdirSync(folder)).toEqual([]);
	expect([kept, reports, (await row())?.from_ms]).toEqual([null, [], null]);
});

test('is released when its process is stopped, and the next one makes it', async () => {
	opened = never;
	const job = trimming('p1');
	await job.round();
	await expect.poll(() => readdirSync(folder)).toHaveLength(1);
	await job.end();
	expect([readdirSync(folder), await row()]).toEqual([
		[],
		{ attempts: 0, reason: 'interrupted', from_ms: 0, object_name: null }
	]);
	opened = () => new Blob([film]).stream();
	await trimming('p2').round();
	await expect.poll(async () => (await row())?.from_ms).toBeNull();
});

test.each([
	['unreadable', () => new Blob(['not much of a film']).stream()],
	['gone', () => null]
])('records why it failed: %s', async (reason, open) => {
	opened = open;
	await trimming('p1').round();
	await expect.poll(() => reports).toEqual([reason]);
	await expect.poll(row).toEqual({ attempts: 1, reason, from_ms: 0, object_name: null });
	await expect.poll(() => [readdirSync(folder), kept]).toEqual([[], null]);
});

test('leaves no file of less than a second, where the first key frame comes late', async () => {
	const { programme } = world.people;
	expect(await callAs(db.owner, programme, 'public.undo_recording_trim($1)', [recording])).toBe('ok');
	// The film has a key frame at 16.007 seconds.
	expect(await callAs(db.owner, programme, 'public.trim_recording($1, 15000, 16900)', [recording])).toBe('ok');
	await trimming('p1').round();
	await expect.poll(() => reports).toEqual(['no_picture']);
	await expect.poll(row).toMatchObject({ attempts: 3, reason: 'no_picture', object_name: null });
	expect(kept).toBeNull();
});

test('a disk that cannot be written is no fault of the file', async () => {
	const lost = { from: 0, until: 8000 };
	const error: unknown = await cutFile(
		recordingFile,
		join(folder, 'no-such-folder', 'cut'),
		lost,
		new AbortController().signal
	)
		.then(() => null)
		.catch((reason: unknown) => reason);
	expect([whyNotCut(error), whyNotCut(new Error('not a film'))]).toEqual(['store', 'unreadable']);
});
