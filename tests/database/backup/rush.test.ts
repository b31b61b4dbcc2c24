/*
 * Backups that are killed at random moments of a rush: the last good one is restored, and everything is in it that was acknowledged
 * before it began. What came after its moment is lost; that is the window which docs/operations.md names.
 */
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listBackups } from '../../../src/local/backup/manifest.ts';
import { hostedVariables, makeBackupWorld, withRestored, type BackupWorld } from '../../fixtures/backing-up.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { connectMany, makePeople, makeSummit, register, type RegisteringSummit } from '../../fixtures/registering.ts';
import type { TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();
const hall = 60;
let world: BackupWorld;
let made: RegisteringSummit;
let people: TestPerson[];

beforeAll(async () => {
	world = await makeBackupWorld();
	made = await makeSummit(db.owner, { hall });
	people = await makePeople(db.owner, 3000);
});
afterAll(() => world.drop());

/** Runs the command, and kills it after so many milliseconds, if it has not ended. */
async function runBackup(afterMs: number): Promise<void> {
	const child = spawn(process.execPath, ['src/local/backup/backup.ts'], {
		cwd: resolve(import.meta.dirname, '../../..'),
		env: {
			...hostedVariables(db.url, join(world.folder, 'files')),
			BACKUP_TO: world.place.address,
			BACKUP_RECIPIENTS: world.recipient
		},
		stdio: 'ignore'
	});
	const ended = new Promise<void>((done) => child.once('close', () => done()));
	const timer = setTimeout(() => child.kill('SIGKILL'), afterMs);
	await ended;
	clearTimeout(timer);
	// The server has to notice that its client is gone.
	await expect
		.poll(async () => (await db.owner.query<{ runs: boolean }>('select private.is_backup_running() as runs')).rows, {
			timeout: 30_000
		})
		.toEqual([{ runs: false }]);
}

test(
	'the last good one has every registration that was acknowledged before it began',
	{ timeout: 300_000 },
	async () => {
		const acknowledged: string[] = [];
		const waiting = people.values();
		let over = false;
		const clients = await connectMany(db, 6);
		const rush = clients.map(async (client) => {
			for (const person of waiting) {
				if (over) return;
				const { id } = await register(client, person, made.summit, made.members[0] ?? '');
				acknowledged.push(id);
				// So that the rush lasts as long as the backups.
				await pause(20);
			}
		});
		/** What was acknowledged when the newest whole backup had not begun. */
		let before: string[] = [];
		let newest: string | undefined;
		const attempt = async (afterMs: number) => {
			const known = [...acknowledged];
			await runBackup(afterMs);
			const last = (await listBackups(world.place)).whole.at(-1);
			if (last !== newest) [newest, before] = [last, known];
		};
		try {
			await expect.poll(() => acknowledged.length, { timeout: 60_000 }).toBeGreaterThan(hall + 20);
			const began = Date.now();
			await attempt(120_000);
			const takes = Date.now() - began;
			expect(newest).toBeDefined();
			for (let round = 0; round < 5; round += 1) await attempt(takes * (0.2 + Math.random()));
			expect(acknowledged.length).toBeGreaterThan(before.length);
		} finally {
			over = true;
			await Promise.all(rush);
		}
		await withRestored(db, await world.open(newest), async (client, faults) => {
			expect(faults).toEqual([]);
			const { rows } = await client.query<{ id: string; state: string; seat: string | null }>(
				`select r.id, r.state::text, (select s.state::text from public.seats as s where s.registration_id = r.id limit 1) as seat
			from public.registrations as r`
			);
			const found = new Set(rows.map(({ id }) => id));
			expect(before.length).toBeGreaterThan(0);
			expect(before.filter((id) => !found.has(id))).toEqual([]);
			// Each transaction whole: no registration without the seat or the place in the queue that it was promised.
			const kept = rows.filter(({ id }) => before.includes(id));
			expect(kept.filter(({ state }) => state === 'draft')).toEqual([]);
			const seats = rows.filter(({ seat }) => seat !== null).length;
			expect(seats).toBeLessThanOrEqual(hall);
			expect(seats).toBe(Math.min(hall, rows.filter(({ state }) => state !== 'draft').length));
		});
	}
);
