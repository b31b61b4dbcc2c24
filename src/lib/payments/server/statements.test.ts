import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readUploadedStatement } from './statements.ts';

const reading = { currency: 'EUR', order: 'day_first', today: '2026-11-28' } as const;

test('an uploaded file is read in its thread', async () => {
	const file = readFileSync(new URL('../../../../tests/fixtures/statements/camt.053.001.02.xml', import.meta.url));
	const read = await readUploadedStatement(new Blob([file]), reading);
	expect(read.ok && read.rows.map(({ amount }) => amount)).toEqual([45_000, 40_000, 50_000, 45_000]);
});

test('one that is too large, or nothing, is refused', async () => {
	const fault = async (blob: Blob) => {
		const read = await readUploadedStatement(blob, reading);
		return read.ok ? null : read.fault;
	};
	expect(await fault(new Blob(['x'.repeat(4_000_001)]))).toEqual({ code: 'too_large', limit: 4_000_000 });
	expect(await fault(new Blob(['x']))).toEqual({ code: 'no_table' });
});
