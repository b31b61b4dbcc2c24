/* The last release: its migrations, which never change again, and its sample as rows, which tests upgrade to the head. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { readMigrations } from '../migrate.ts';

const folder = resolve(import.meta.dirname, '../../../supabase/release');
const hashesFile = join(folder, 'migrations.sha256');
const rowsFile = join(folder, 'sample.json.gz');

/** The rows of a database by table, and where its sequences are. */
export interface Rows {
	tables: Record<string, Record<string, unknown>[]>;
	sequences: Record<string, string>;
}

/** The hashes of the migrations of the last release by file; empty before the first. */
export function releasedMigrations(): Map<string, string> {
	if (!existsSync(hashesFile)) return new Map();
	const lines = readFileSync(hashesFile, 'utf8').trim().split('\n');
	return new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]));
}

/** The sample of the last release; null before the first. */
export function releasedRows(): Rows | null {
	return existsSync(rowsFile) ? (JSON.parse(gunzipSync(readFileSync(rowsFile)).toString()) as Rows) : null;
}

/** Makes the migrations of this checkout, with these rows, the last release. */
export function writeRelease(rows: Rows): void {
	mkdirSync(folder, { recursive: true });
	writeFileSync(rowsFile, gzipSync(JSON.stringify(rows), { level: 9 }));
	writeFileSync(
		hashesFile,
		readMigrations()
			.map(({ hash, file }) => `${hash}  ${file}\n`)
			.join('')
	);
}
