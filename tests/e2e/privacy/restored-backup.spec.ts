import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { temporaryFolder } from '../../../src/local/temporary-folders.ts';
import { startStack } from '../../fixtures/summit.ts';
import { expect, test } from '../../fixtures/test.ts';
import { makePerson } from '../../fixtures/world.ts';

test('serves nothing before the erasures since the backup are carried out', async ({ page, request }) => {
	const folder = temporaryFolder('global-summit-erasures');
	const log = join(folder, 'erasures.log');
	// A folder in the place of the file, so that it cannot be read.
	mkdirSync(log);
	const summit = await startStack({ env: { ERASURE_LOG: log } });
	const database = new pg.Client({ connectionString: summit.variables['DATABASE_URL'] });
	await database.connect();
	try {
		const erased = await makePerson(database, 'Erased since the backup');
		expect((await request.get(`${summit.origin}/healthz`)).status()).toBe(200);
		const answer = await request.get(`${summit.origin}/readyz`);
		expect(answer.status()).toBe(503);
		expect(await answer.json()).toMatchObject({ engines: { erasures: { state: 'failed' } } });
		for (const path of ['/', '/sign-in', '/api/live', '/fr'])
			expect([path, (await request.get(`${summit.origin}${path}`)).status()]).toEqual([path, 503]);
		rmSync(log, { recursive: true });
		writeFileSync(log, `2027-06-12T09:00:00.000Z ${erased.person}\n`);
		// The page of the failure loads itself again.
		await page.goto(`${summit.origin}/sign-in`);
		await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible({ timeout: 20_000 });
		const { rows } = await database.query('select display_name from public.people where id = $1', [erased.person]);
		expect(rows).toEqual([{ display_name: '' }]);
		expect(summit.output()).toContain('erasures were carried out again');
	} finally {
		await database.end();
		await summit.stop();
		rmSync(folder, { recursive: true });
	}
});
