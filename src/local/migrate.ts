/*
 * Applies supabase/migrations to a database and records them where the Supabase CLI does.
 * By hand, for a hosted project without the CLI: DATABASE_URL=… node src/local/migrate.ts
 * Where APP_DATABASE_URL and DATA_DATABASE_URL are set, their roles can sign in afterwards.
 */
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { openRoleLogins } from './role-logins.ts';

/** One file of supabase/migrations. */
export interface Migration {
	version: string;
	name: string;
	file: string;
	sql: string;
	hash: string;
}

const folder = join(import.meta.dirname, '../../supabase/migrations');

/** The migrations of this checkout, in order. Throws when two share a version. */
export function readMigrations(from = folder): Migration[] {
	const files = readdirSync(from)
		.filter((file) => /^\d+_.+\.sql$/.test(file))
		.sort();
	const migrations = files.map((file) => {
		const [, version = '', name = ''] = /^(\d+)_(.+)\.sql$/.exec(file) ?? [];
		const sql = readFileSync(join(from, file), 'utf8');
		return { version, name, file, sql, hash: createHash('sha256').update(sql).digest('hex') };
	});
	for (const [index, { version, file }] of migrations.entries()) {
		if (migrations[index - 1]?.version === version)
			throw new Error(`Two migrations have the version ${version}; rename ${file}.`);
	}
	return migrations;
}

/** The advisory lock under which migrations are applied, as SQL writes it. */
export const migrationsLock = `hashtext('global-summit migrations')`;

/** How migrations wait for the locks that they need. */
export interface Patience {
	/** As long as one try waits. What comes behind it in the queue of a lock waits too, and that is the site: milliseconds. */
	lockTimeoutMs: number;
	/** How many tries a file has. */
	tries: number;
	/** Between two tries, grown by each: milliseconds. */
	pauseMs: number;
}

const defaultPatience: Patience = { lockTimeoutMs: 3000, tries: 20, pauseMs: 1000 };

/** Applies what is missing, each file in its own transaction; returns the files applied. */
export async function migrate(
	client: pg.Client,
	migrations = readMigrations(),
	onFile?: (file: string) => void,
	patience: Patience = defaultPatience
): Promise<string[]> {
	// Two starts at once on one database take turns.
	await client.query(`select pg_advisory_lock(${migrationsLock})`);
	try {
		await client.query(`
			create schema if not exists supabase_migrations;
			create table if not exists supabase_migrations.schema_migrations (version text not null primary key, statements text[], name text);
			create table if not exists supabase_migrations.file_hashes (version text not null primary key, sha256 text not null);
		`);
		const missing = await pendingMigrations(client, migrations);
		for (const migration of missing) {
			onFile?.(migration.file);
			await applyPatiently(client, migration, patience);
		}
		return missing.map(({ file }) => file);
	} finally {
		await client.query(`select pg_advisory_unlock(${migrationsLock})`);
	}
}

/** The migrations that this database lacks. Throws when it has one that is unknown here, or, naming the file, one that was changed since. */
export async function pendingMigrations(client: pg.Client, migrations = readMigrations()): Promise<Migration[]> {
	const { rows: known } = await client.query<{ present: boolean; hashes: boolean }>(`
		select to_regclass('supabase_migrations.schema_migrations') is not null as present, to_regclass('supabase_migrations.file_hashes') is not null as hashes
	`);
	if (!known[0]?.present) return migrations;
	const hash = known[0].hashes
		? '(select sha256 from supabase_migrations.file_hashes as files where files.version = done.version)'
		: 'null';
	const { rows } = await client.query<{ version: string; sha256: string | null }>(
		`select done.version, ${hash} as sha256 from supabase_migrations.schema_migrations as done`
	);
	const applied = new Map(rows.map((row) => [row.version, row.sha256]));
	const unknown = [...applied.keys()].filter((version) => !migrations.some((one) => one.version === version)).sort();
	if (unknown[0])
		throw new Error(
			`This database has ${unknown.length} migrations that this version of the software does not know (first: ${unknown[0]}): an older or a newer version made it. ` +
				'Nothing was changed. Local data that is not needed any more is dropped by `npm run reset`.'
		);
	for (const migration of migrations) {
		const sha256 = applied.get(migration.version);
		if (sha256 && sha256 !== migration.hash) {
			throw new Error(
				`supabase/migrations/${migration.file} was changed after this database had applied it. ` +
					'Put the change into a new migration, or drop the local data with `npm run reset`.'
			);
		}
	}
	return migrations.filter(({ version }) => !applied.has(version));
}

// A lock that somebody holds, or a deadlock with them: the transaction is undone, and the site goes on before the next try.
const passing = new Set(['55P03', '40P01']);

async function applyPatiently(client: pg.Client, migration: Migration, patience: Patience): Promise<void> {
	for (let tried = 1; ; tried++) {
		try {
			return await apply(client, migration, patience.lockTimeoutMs);
		} catch (error) {
			const cause = error instanceof Error ? error.cause : null;
			const passes = cause instanceof pg.DatabaseError && passing.has(cause.code ?? '');
			if (!passes || tried >= patience.tries) throw error;
			await pause(Math.min(patience.pauseMs * tried, 15_000));
		}
	}
}

async function apply(
	client: pg.Client,
	{ version, name, file, sql, hash }: Migration,
	lockTimeoutMs: number
): Promise<void> {
	await client.query(`begin; set local lock_timeout = ${lockTimeoutMs}`);
	try {
		await client.query(sql);
		await client.query(
			`insert into supabase_migrations.schema_migrations (version, name, statements) values ($1, $2, $3)`,
			[version, name, [sql]]
		);
		await client.query(`insert into supabase_migrations.file_hashes (version, sha256) values ($1, $2)`, [
			version,
			hash
		]);
		await client.query('commit');
	} catch (error) {
		await client.query('rollback').catch(() => undefined);
		throw new Error(
			`supabase/migrations/${file}${placeOf(error, sql)}: ${error instanceof Error ? error.message : String(error)}`,
			{ cause: error }
		);
	} finally {
		// A migration may set the search path or a role for itself only.
		await client.query('reset all').catch(() => undefined);
	}
}

function placeOf(error: unknown, sql: string): string {
	const position = error instanceof pg.DatabaseError ? Number(error.position) : NaN;
	return Number.isFinite(position) ? ` line ${sql.slice(0, position).split('\n').length}` : '';
}

if (import.meta.main) {
	const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
	await client.connect();
	await migrate(client, readMigrations(), (file) => console.log(`applying ${file}`));
	for (const role of await openRoleLogins(client, process.env)) console.log(`${role} may sign in`);
	await client.end();
}
