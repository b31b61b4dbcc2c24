/* MP4 copies beside WebM: the conversion, which stops at once and leaves nothing behind. */
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { closePool } from '../../../src/lib/database/server/pool.ts';
import { Copying } from '../../../src/lib/recording/server/copying.ts';
import { makeRecordable, setOnStage } from '../../fixtures/recording.ts';
import { useDatabase } from '../../fixtures/database.ts';
import type { TestPerson, World } from '../../fixtures/world.ts';
import { copyActs } from '../../fixtures/copying.ts';

const db = useDatabase();
let world: World;
let chair: TestPerson;
let recording: string;

const { made, claim, copyRow } = copyActs(
	db,
	() => world,
	() => chair,
	() => recording
);

beforeEach(async () => {
	await db.owner.query('delete from private.recordings');
	({ world, chair } = await makeRecordable(db.owner));
	await setOnStage(db.owner, chair, world.run, world.people.speaker);
	recording = await made();
});

describe('conversion', () => {
	const folder = mkdtempSync(join(tmpdir(), 'copying-'));
	const stored = new Set<string>();
	const store = {
		open: async () => new Blob(['not much of a film']).stream(),
		put: async (path: string) => (stored.add(path), 'x'),
		abandon: async () => undefined,
		folder: async () => folder
	};
	const reports: string[] = [];
	const copying = (process = 'p1') => new Copying(process, store, (code) => reports.push(code));
	/** Runs this script instead of converting. */
	function program(does: string): void {
		const path = join(folder, 'ffmpeg');
		writeFileSync(path, `#!/bin/sh\n${does}\n`);
		chmodSync(path, 0o755);
		process.env['FFMPEG_PATH'] = path;
	}
	const work = () => readdirSync(folder).filter((name) => name !== 'ffmpeg');
	const slow = 'exec sleep 100';

	beforeAll(() => {
		process.env['APP_DATABASE_URL'] = db.appUrl;
	});
	afterAll(async () => {
		delete process.env['FFMPEG_PATH'];
		await closePool();
		rmSync(folder, { recursive: true });
	});

	test('claims nothing without ffmpeg', async () => {
		process.env['FFMPEG_PATH'] = 'none';
		await copying().round();
		expect(await copyRow()).toBeUndefined();
	});

	test('stops at once when the recording is sealed, and leaves nothing behind', async () => {
		program(slow);
		const making = copying();
		await making.round();
		await expect.poll(work).toHaveLength(1);
		await db.owner.query(`select private.seal_recording($1, 'consent')`, [recording]);
		await making.round();
		await expect.poll(work).toEqual([]);
		expect([stored.size, await copyRow(), reports]).toEqual([0, undefined, []]);
	});

	test('releases the copy when its process is stopped', async () => {
		program(slow);
		const making = copying();
		await making.round();
		await expect.poll(work).toHaveLength(1);
		await making.end();
		expect([work(), await copyRow()]).toEqual([[], { attempts: 0, reason: 'interrupted', object_name: null }]);
		expect(await claim('p2')).toEqual([recording]);
	});

	test.each([
		['ffmpeg', 'cat > /dev/null; exit 1'],
		['too_short', 'cat > /dev/null; exit 0']
	])('records why it failed: %s', async (reason, does) => {
		program(does);
		reports.length = 0;
		await copying().round();
		await expect.poll(() => reports).toEqual([reason]);
		await expect.poll(copyRow).toEqual({ attempts: 1, reason, object_name: null });
		expect([work(), stored.size, existsSync(folder)]).toEqual([[], 0, true]);
	});
});
