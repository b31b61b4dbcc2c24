import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { joinParts } from './joining.ts';

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'disk-errors-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('a disk that cannot be read is no end of a part, so that the recording is joined at another try', async () => {
	const noise = join(folder, 'noise.webm');
	await writeFile(noise, Buffer.alloc(5000, 7));
	const parts = [noise, folder].map((path, index) => ({ number: index + 1, path, most: 60_000 }));
	expect(await joinParts(parts.slice(0, 1), join(folder, 'none.webm'))).toBeNull();
	await expect(joinParts(parts, join(folder, 'unread.webm'))).rejects.toMatchObject({ code: 'EISDIR' });
});
