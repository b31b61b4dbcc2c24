/* /readyz reports not ready when the database answers but accepts no writes. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { closePool } from '../../../src/lib/database/server/pool.ts';
import { readiness } from '../../../src/lib/live/server/readiness.ts';
import { useDatabase } from '../../fixtures/database.ts';

const db = useDatabase();

beforeAll(async () => {
	vi.stubEnv('APP_DATABASE_URL', db.appUrl);
});
afterAll(async () => {
	await closePool();
	vi.unstubAllEnvs();
});

const postgres = async () => (await readiness()).engines.postgres;

test('reports not ready within five seconds when the database is read-only, and ready again afterwards', async () => {
	expect(await postgres()).toEqual({ state: 'ready' });
	const superuser = await db.connect(db.superuserUrl);
	const name = new URL(db.url).pathname.slice(1);
	await superuser.query(`alter database ${name} set default_transaction_read_only = on`);
	// Open sessions keep their initial settings.
	await closePool();
	await expect.poll(postgres, { timeout: 7000 }).toEqual({ state: 'failed', detail: 'It takes no writes.' });
	await superuser.query(
		`set default_transaction_read_only = off; alter database ${name} reset default_transaction_read_only`
	);
	await closePool();
	await expect.poll(postgres, { timeout: 7000 }).toEqual({ state: 'ready' });
});

test('a probe leaves only the row of the last probe', async () => {
	const owner = await db.connect();
	await owner.query('select private.probe_write()');
	const { rows } = await owner.query(
		`select (select count(*)::int from private.last_write_probe) as probed, (select count(*)::int from private.write_probes) as probes`
	);
	expect(rows).toEqual([{ probed: 1, probes: 0 }]);
});
