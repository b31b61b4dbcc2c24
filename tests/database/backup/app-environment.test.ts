/* The app makes the backup of each night with its own environment, in which a local database looks like a hosted one. */
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { makeBackupWorld } from '../../fixtures/backing-up.ts';
import { startStack } from '../../fixtures/summit.ts';

test('the environment that a local start gives the app is enough', { timeout: 240_000 }, async () => {
	const world = await makeBackupWorld();
	chmodSync(world.folder, 0o711);
	const dataFolder = join(world.folder, 'data');
	mkdirSync(dataFolder, { mode: 0o711 });
	const stack = await startStack({ mode: 'engines', dataFolder });
	try {
		const child = spawn(process.execPath, ['src/local/backup/backup.ts'], {
			cwd: resolve(import.meta.dirname, '../../..'),
			env: {
				PATH: process.env['PATH'],
				...stack.variables,
				BACKUP_TO: world.place.address,
				BACKUP_RECIPIENTS: world.recipient
			}
		});
		let output = '';
		for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (output += part.toString()));
		const code = await new Promise((done) => child.once('close', done));
		expect({ code, output }).toMatchObject({ code: 0 });
		const { manifest } = await world.open();
		expect(manifest).toMatchObject({ origin: stack.variables['ORIGIN'], sample: false });
		expect(manifest.proof).toBeDefined();
	} finally {
		await stack.stop();
		world.drop();
	}
});
