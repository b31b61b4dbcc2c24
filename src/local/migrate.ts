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
import { isOlder, ownVersion } from './version.ts';

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

/** How a migration that gets no lock is tried again. */
export interface LockRetries {
	/** As long as it waits for each lock, with those that it has. What comes behind it in the queue of a lock waits too, and that is the site: milliseconds. */
	lockTimeoutMs: number;
	/** How many tries a file has. */
	tries: number;
	/** Between two tries, grown by each: milliseconds. */
	pauseMs: number;
}

const defaultRetries: LockRetries = { lockTimeoutMs: 3000, tries: 20, pauseMs: 1000 };

interface MigrateOptions {
	/** Called before each file is applied. */
	onFile?: (file: string) => void;
	/** Called where a newer version has migrated the database: nothing is to be done then. Without it that is an error. */
	onNewer?: (sentence: string) => void;
	retries?: LockRetries;
}

/** Applies what is missing, each file in its own transaction; returns the files applied. */
export async function migrate(
	client: pg.Client,
	migrations = readMigrations(),
	{ onFile, onNewer, retries = defaultRetries }: MigrateOptions = {}
): Promise<string[]> {
	// Two starts at once on one database take turns.
	await client.query(`select pg_advisory_lock(${migrationsLock})`);
	try {
		await client.query(`
			create schema if not exists supabase_migrations;
			create table if not exists supabase_migrations.schema_migrations (version text not null primary key, statements text[], name text);
			create table if not exists supabase_migrations.file_hashes (version text not null primary key, sha256 text not null);
		`);
		const { pending, newer } = await compareMigrations(client, migrations);
		if (newer && !onNewer) throw new Error(refusal(newer));
		if (newer) onNewer?.(newer.sentence);
		for (const migration of pending) {
			onFile?.(migration.file);
			await applyWithRetries(client, migration, retries);
		}
		return pending.map(({ file }) => file);
	} finally {
		await client.query(`select pg_advisory_unlock(${migrationsLock})`);
	}
}

/** Migrations that a newer version has applied to a database. This version works beside them: they only add. */
interface NewerMigrations {
	first: string;
	count: number;
	/** That it is so, in a sentence. */
	sentence: string;
}

/** How a database and the migrations of this checkout differ. */
export interface MigrationDifference {
	/** Those that the database lacks. */
	pending: Migration[];
	newer: NewerMigrations | null;
}

interface AppliedMigration {
	version: string;
	sha256: string | null;
}

/**
 * Compares a database with the migrations of this checkout. Throws, with a sentence for people, where this version cannot work with it: it has
 * one that is unknown here and no newer one, one that takes away what this version uses, or, naming the file, one that was changed since.
 */
export async function compareMigrations(
	client: pg.Client,
	migrations = readMigrations()
): Promise<MigrationDifference> {
	const applied = await appliedMigrations(client);
	const known = new Set(migrations.map(({ version }) => version));
	const unknown = applied.filter(({ version }) => !known.has(version));
	const last = migrations.at(-1)?.version ?? '';
	const other = unknown.find(({ version }) => version < last);
	if (other) throw new Error(refusal({ first: other.version, count: unknown.length }));
	const hashes = new Map(applied.map(({ version, sha256 }) => [version, sha256]));
	for (const migration of migrations) {
		const sha256 = hashes.get(migration.version);
		if (sha256 && sha256 !== migration.hash) {
			throw new Error(
				`supabase/migrations/${migration.file} was changed after this database had applied it. ` +
					'Put the change into a new migration, or drop the local data with `npm run reset`.'
			);
		}
	}
	const pending = migrations.filter(({ version }) => !hashes.has(version));
	const [first] = unknown;
	if (!first) return { pending, newer: null };
	const newer = { first: first.version, count: unknown.length };
	if (pending.length > 0) throw new Error(refusal(newer));
	await refuseContracted(client, unknown);
	const sentence = `This database has ${newer.count} migrations of a newer version (first: ${newer.first}). Version ${ownVersion()} works beside them.`;
	return { pending, newer: { ...newer, sentence } };
}

/** The migrations that this database lacks. Throws when it has one that is unknown here, a newer one too. */
export async function pendingMigrations(client: pg.Client, migrations = readMigrations()): Promise<Migration[]> {
	const { pending, newer } = await compareMigrations(client, migrations);
	if (newer) throw new Error(refusal(newer));
	return pending;
}

const refusal = ({ first, count, sentence }: { first: string; count: number; sentence?: string }) =>
	`This database has ${count} migrations that this version of the software does not know (first: ${first}): ` +
	(sentence ? 'a newer version made them. Use that version. ' : 'an older or a newer version made it. ') +
	'Nothing was changed. Local data that is not needed any more is dropped by `npm run reset`.';

async function appliedMigrations(client: pg.Client): Promise<AppliedMigration[]> {
	const { rows: known } = await client.query<{ present: boolean; hashes: boolean }>(`
		select to_regclass('supabase_migrations.schema_migrations') is not null as present, to_regclass('supabase_migrations.file_hashes') is not null as hashes
	`);
	if (!known[0]?.present) return [];
	const hash = known[0].hashes
		? '(select sha256 from supabase_migrations.file_hashes as files where files.version = done.version)'
		: 'null';
	const { rows } = await client.query<AppliedMigration>(
		`select done.version, ${hash} as sha256 from supabase_migrations.schema_migrations as done order by done.version`
	);
	return rows;
}

// A comment such as "-- contract: public.old_name is used by no release since 1.2.0" says which versions work without it (src/local/schema/contract.ts).
async function refuseContracted(client: pg.Client, newer: readonly AppliedMigration[]): Promise<void> {
	const own = ownVersion();
	const { rows } = await client.query<{ version: string; comment: string }>(
		`select version, comment from supabase_migrations.schema_migrations,
			unnest(statements) as statement, regexp_split_to_table(statement, '\\n') as comment
		where version = any($1) and comment ~* '^--\\s*contract:' order by version`,
		[newer.map(({ version }) => version)]
	);
	for (const { version, comment } of rows) {
		const since = contractVersion(comment);
		if (since === null || isOlder(own, since))
			throw new Error(
				`The migration ${version} of this database has removed what version ${own} uses: start ${since ? `version ${since} or a newer one` : 'the version that made it'}.`
			);
	}
}

/** Since which version nothing uses what a marked statement takes away; null when its comment does not say. */
export const contractVersion = (comment: string): string | null =>
	/\bsince v?(\d+\.\d+\.\d+)\b/.exec(comment)?.[1] ?? null;

// A lock that somebody holds, or a deadlock with them: the transaction is undone, and the site goes on before the next try.
const passing = new Set(['55P03', '40P01']);

async function applyWithRetries(client: pg.Client, migration: Migration, retries: LockRetries): Promise<void> {
	for (let tried = 1; ; tried++) {
		try {
			return await apply(client, migration, retries.lockTimeoutMs);
		} catch (error) {
			const cause = error instanceof Error ? error.cause : null;
			const passes = cause instanceof pg.DatabaseError && passing.has(cause.code ?? '');
			if (!passes || tried >= retries.tries) throw error;
			await pause(Math.min(retries.pauseMs * tried, 15_000));
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
	await migrate(client, readMigrations(), { onFile: (file) => console.log(`applying ${file}`), onNewer: console.log });
	for (const role of await openRoleLogins(client, process.env)) console.log(`${role} may sign in`);
	await client.end();
}
