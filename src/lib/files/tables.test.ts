import { expect, test, vi } from 'vitest';
import { runInWorker } from '#lib/forms/server/run-in-worker.ts';
import { readTable } from './tables.ts';

// A worker thread starts late on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const limit = { bytes: 5_000_000, rows: 5000 };

test('reads a table while other work goes on', async () => {
	let turns = 0;
	const timer = setInterval(() => (turns += 1), 1);
	const rows = Array.from({ length: 5000 }, (_, row) =>
		Array.from({ length: 60 }, (_, column) => `${row}.${column}`).join(',')
	);
	const read = await readTable(new Blob([['name', ...rows].join('\n')]), limit);
	clearInterval(timer);
	expect(read.ok && read.table.rows.length).toBe(5000);
	expect(read.ok && read.table.rows[4999]).toEqual({
		line: 5001,
		cells: Array.from({ length: 60 }, (_, column) => `4999.${column}`)
	});
	expect(turns).toBeGreaterThan(5);
});

test('refuses half a million columns before they are read', async () => {
	const wide = Array.from({ length: 500_000 }, (_, at) => `c${at}`).join(',');
	const fault = { ok: false, fault: { code: 'too_many_columns', limit: 200 } };
	expect(await readTable(new Blob([`${wide}\nx`]), limit)).toEqual(fault);
	expect(await readTable(new Blob([`name,code\n${wide}`]), limit)).toEqual(fault);
	expect(await readTable(new Blob(['x'.repeat(5_000_001)]), limit)).toEqual({
		ok: false,
		fault: { code: 'too_large', limit: 5_000_000 }
	});
});

test('survives an error in its thread', async () => {
	expect(await runInWorker('#lib/files/csv.ts', 'readCsv', [null, limit])).toBeNull();
	expect(await runInWorker('#lib/files/csv.ts', 'nothing', [])).toBeNull();
});
