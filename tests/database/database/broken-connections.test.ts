/*
 * Waits for the database are short: when sessions are killed in a loop, when the database hangs, and when it accepts no
 * writes.
 */
import { chmodSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { closePool, query, transaction } from '../../../src/lib/database/server/pool.ts';
import { isOutage, latestOutage } from '../../../src/lib/database/server/outage.ts';
import { pooledFetch } from '../../../src/lib/database/server/pooled-fetch.ts';
import { closeListener, eventListener } from '../../../src/lib/live/server/listener.ts';
import { temporaryFolder } from '../../../src/local/temporary-folders.ts';
import { startDataPath, type TestDataPath } from '../../fixtures/data-path.ts';
import { startStack, type TestSummit } from '../../fixtures/summit.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

let dataFolder: string;
let summit: TestSummit;
let killer: pg.Client;
let path: TestDataPath;

beforeAll(async () => {
	dataFolder = temporaryFolder('global-summit-broken');
	chmodSync(dataFolder, 0o711);
	summit = await startStack({ mode: 'engines', dataFolder });
	vi.stubEnv('APP_DATABASE_URL', summit.variables.APP_DATABASE_URL);
	vi.stubEnv('DATABASE_URL', summit.variables.DATABASE_URL);
	path = startDataPath({ dataUrl: summit.variables.DATA_DATABASE_URL ?? '' });
	const { superuserPassword } = JSON.parse(readFileSync(join(dataFolder, 'secrets.json'), 'utf8')) as Record<
		string,
		string
	>;
	const url = new URL(summit.variables.DATABASE_URL ?? '');
	url.username = 'supabase_admin';
	url.password = superuserPassword ?? '';
	killer = new pg.Client({ connectionString: url.href });
	killer.on('error', () => undefined);
	await killer.connect();
});

afterAll(async () => {
	await closePool();
	await path.close();
	await closeListener();
	await killer.end().catch(() => undefined);
	await summit.stop();
	vi.unstubAllEnvs();
	rmSync(dataFolder, { recursive: true, force: true });
});

async function rest(): Promise<number> {
	const answer = await pooledFetch(`${summit.variables.SUPABASE_URL}/rest/v1/rpc/current_summit`, {
		method: 'POST',
		headers: { apikey: summit.variables.SUPABASE_PUBLISHABLE_KEY ?? '', 'content-type': 'application/json' },
		body: '{}'
	});
	return answer.status;
}

async function call(): Promise<number> {
	return (await path.client(null).rpc('current_summit')).status;
}

/** Through how many rounds of killing the slowest request lasted, and what was thrown. */
async function callRepeatedly(
	until: () => boolean,
	round: () => number,
	work: () => Promise<unknown>
): Promise<{ slowest: number; errors: unknown[] }> {
	let slowest = 0;
	const errors: unknown[] = [];
	await Promise.all(
		Array.from({ length: 6 }, async () => {
			while (!until()) {
				const since = round();
				await work().catch((error: unknown) => errors.push(error));
				slowest = Math.max(slowest, round() - since);
			}
		})
	);
	return { slowest, errors };
}

test('killing sessions in a loop makes no request wait to its end, and everything works afterwards', async () => {
	let isOver = false;
	let round = 0;
	const statuses = new Set<number>();
	const restStatuses = new Set<number>();
	const killing = (async () => {
		for (; round < 100; round += 1) {
			await killer.query(
				`select pg_terminate_backend(pid) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`
			);
			await new Promise((done) => setTimeout(done, 50));
		}
		isOver = true;
	})();
	const [sql, acts, api, calls] = await Promise.all([
		callRepeatedly(
			() => isOver,
			() => round,
			() => query('select 1')
		),
		callRepeatedly(
			() => isOver,
			() => round,
			() => transaction((client) => client.query('select pg_sleep(0.02)'))
		),
		callRepeatedly(
			() => isOver,
			() => round,
			async () => restStatuses.add(await rest())
		),
		callRepeatedly(
			() => isOver,
			() => round,
			async () => statuses.add(await call())
		),
		killing
	]);
	expect([...statuses].filter((status) => ![200, 503].includes(status))).toEqual([]);
	// The local REST knows no function while it reads the catalogue again.
	expect([...restStatuses].filter((status) => ![200, 404, 503].includes(status))).toEqual([]);
	for (const { errors } of [sql, acts, api, calls]) expect(errors.filter((error) => !isOutage(error))).toEqual([]);
	expect(Math.max(sql.slowest, acts.slowest, api.slowest, calls.slowest)).toBeLessThan(round);
	expect(await query('select 1 as one')).toEqual([{ one: 1 }]);
	await expect.poll(call, { timeout: 15_000 }).toBe(200);
	await expect.poll(rest, { timeout: 15_000 }).toBe(200);
});

/** PostgreSQL's processes, main process first. */
function postgresProcesses(): number[] {
	const main = Number(readFileSync(join(dataFolder, 'postgres/postmaster.pid'), 'utf8').split('\n')[0]);
	const children = readFileSync(`/proc/${main}/task/${main}/children`, 'utf8').trim().split(' ').map(Number);
	return [main, ...children];
}

test('gives up on a database that hangs, and uses it again when it continues', async () => {
	await query('select 1');
	const listener = eventListener();
	await expect.poll(() => listener?.connected(), { timeout: 15_000 }).toBe(true);
	const stopped = postgresProcesses();
	for (const pid of stopped) process.kill(pid, 'SIGSTOP');
	try {
		const noted = latestOutage();
		const outcome = (work: Promise<unknown>) => work.catch((thrown: unknown) => thrown);
		// Each gives up while the database still hangs.
		const [sql, act, api, called] = await Promise.all([
			outcome(query('select 1')),
			outcome(transaction((client) => client.query('select 1'))),
			outcome(rest()),
			outcome(call()),
			// As many as the local REST has connections: none of them may be lost for good.
			...Array.from({ length: 20 }, () => outcome(rest()))
		]);
		for (const error of [sql, act]) expect(isOutage(error), String(error)).toBe(true);
		expect(api instanceof Error ? isOutage(api) : api).not.toBe(200);
		expect(latestOutage()).toBeGreaterThan(noted);
		expect(called).toBe(503);
		await expect.poll(() => listener?.connected(), { timeout: 40_000 }).toBe(false);
	} finally {
		for (const pid of stopped) process.kill(pid, 'SIGCONT');
	}
	expect(await query('select 1 as one')).toEqual([{ one: 1 }]);
	await expect.poll(call, { timeout: 15_000 }).toBe(200);
	await expect.poll(rest, { timeout: 30_000 }).toBe(200);
	await expect.poll(() => listener?.connected(), { timeout: 30_000 }).toBe(true);
});
