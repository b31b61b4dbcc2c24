import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { runInWorker } from '#lib/forms/server/run-in-worker.ts';
import { pdf } from '../../../../tests/fixtures/documents.ts';

const folder = mkdtempSync(join(tmpdir(), 'disarm-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function sent(content: string): Promise<[boolean | null, string]> {
	const path = join(folder, 'file.pdf');
	writeFileSync(path, content, 'latin1');
	const isPlain = await runInWorker<boolean>('#lib/files/server/disarm.ts', 'disarmFile', [path]);
	return [isPlain, readFileSync(path, 'latin1')];
}

// A thread starts late on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

test('a PDF on the disk loses active content in a worker thread, or is refused unchanged', async () => {
	const plain = pdf().toString('latin1');
	const acting = plain.replace('/Type/Catalog', '/OpenAction<</S/Launch/F(x)>>/Type/Catalog');
	expect(await sent(plain)).toEqual([true, plain]);
	expect(await sent(acting)).toEqual([true, acting.replace('OpenAction', 'XXXXXXXXXX').replace('Launch', 'XXXXXX')]);
	const hidden = `${plain}(7 0 obj<</S/JavaScript>>endobj)`;
	expect(await sent(hidden)).toEqual([false, hidden]);
});
