import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

test('ends the whole run on a signal: the second half never begins, and the exit code says why', async () => {
	const files = ['src/lib/accounts/accounts.test.ts', 'tests/e2e/database/stack.spec.ts'];
	const child = spawn(process.execPath, [join(import.meta.dirname, 'test-run.ts'), ...files], {
		env: { ...process.env, VITEST: undefined, VITEST_WORKER_ID: undefined },
		stdio: ['ignore', 'pipe', 'pipe']
	});
	let output = '';
	for (const stream of [child.stdout, child.stderr])
		stream.on('data', (part: Buffer) => {
			output += part.toString();
			// Once: a second signal during shutdown would kill it.
			if (output.includes('RUN') && !child.killed) child.kill('SIGTERM');
		});
	const code = await new Promise((done) => child.on('exit', done));
	expect(output).toContain('Ended by SIGTERM.');
	expect(output).not.toMatch(/Running \d+ tests? using|\d+ passed, \d+ failed/);
	expect(code).toBe(143);
}, 60_000);
