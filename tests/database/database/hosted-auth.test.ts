/* The start against a hosted Auth through which people could sign in around the site. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { freePort } from '../../../src/local/processes.ts';
import { temporaryFolder } from '../../../src/local/temporary-folders.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { runStack } from '../../fixtures/summit.ts';

const db = useDatabase();

test('the start refuses it, and says what to turn off', async () => {
	const auth = createServer((_, response) => {
		response.setHeader('content-type', 'application/json');
		response.end(JSON.stringify({ external: { email: true, anonymous_users: false }, disable_signup: true }));
	});
	await new Promise<void>((done) => auth.listen(0, '127.0.0.1', done));
	try {
		const { output, ended } = runStack({
			dataFolder: temporaryFolder('global-summit-hosted'),
			port: await freePort(),
			mode: 'engines',
			env: {
				SUPABASE_URL: `http://127.0.0.1:${(auth.address() as AddressInfo).port}`,
				SUPABASE_PUBLISHABLE_KEY: 'publishable',
				SUPABASE_SECRET_KEY: 'very secret',
				DATABASE_URL: db.url,
				SEALING_KEY: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
				BADGE_KEY: `b1:${Buffer.alloc(48, 1).toString('base64')}`
			}
		});
		expect(await ended).toBe(1);
		expect(output()).toContain('your Auth signs people in by itself (e-mail)');
		expect(output()).not.toContain('very secret');
	} finally {
		auth.close();
	}
});
