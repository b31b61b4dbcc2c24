import type { CallablePrivateName, PrivateArgs, PrivateRow } from '#lib/database/calls.ts';
import pg from 'pg';
import { checkRows } from './check-answer.ts';
import { afterDeadlock } from './deadlock.ts';
import { refuseMalformed } from './malformed.ts';
import { isOutage, noted } from './outage.ts';
import { connectTimeoutMs, limitSession, queryTimeoutMs } from './timeouts.ts';

/** Anything that can run SQL: the pool, or one client inside a transaction. */
interface Queryable {
	query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<{ rows: Row[] }>;
}

let pool: pg.Pool | undefined;

function appPool(): pg.Pool {
	if (pool) return pool;
	const own = process.env['APP_DATABASE_URL'];
	const connectionString = own ?? process.env['DATABASE_URL'];
	if (!connectionString) throw new Error('APP_DATABASE_URL or DATABASE_URL is needed to reach the database.');
	pool = new pg.Pool({
		connectionString,
		max: 10,
		idleTimeoutMillis: 30_000,
		// The jobs that end last may still record their result; an idle connection does not keep the process running.
		allowExitOnIdle: true,
		keepAlive: true,
		connectionTimeoutMillis: connectTimeoutMs,
		query_timeout: queryTimeoutMs,
		// With the owner's connection every session drops the owner's rights before its first query.
		onConnect: (client: pg.ClientBase) =>
			client.query(own === undefined ? `${limitSession}; set role app_server` : limitSession)
	});
	// An idle connection that breaks is replaced by the pool; without a listener it would end the process.
	pool.on('error', () => undefined);
	// So would one that breaks between two statements of a transaction; the next statement fails.
	pool.on('connect', (client) => client.on('error', () => undefined));
	process.once('sveltekit:shutdown', () => void closePool());
	return pool;
}

/** How many connections of the pool work and rest, and how many queries wait for one. */
export function poolUse(): { used: number; idle: number; waiting: number } {
	const { totalCount = 0, idleCount = 0, waitingCount = 0 } = pool ?? {};
	return { used: totalCount - idleCount, idle: idleCount, waiting: waitingCount };
}

/** Rows of a query, run as `app_server` (no person is signed in). */
export async function query<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
	return afterDeadlock(async () => {
		try {
			return (await appPool().query<Row>(text, values)).rows;
		} catch (error) {
			throw noted(error);
		}
	});
}

/**
 * Rows that a function in `private` returns: `callPrivate('check_sign_in_code', [challenge, hash, client])`. Objects and arrays of
 * objects go as JSON.
 */
export async function callPrivate<Name extends CallablePrivateName>(
	name: Name,
	...args: PrivateArgs<Name>
): Promise<PrivateRow<Name>[]> {
	if (!/^[a-z][a-z0-9_]*$/.test(name)) throw new Error(`"${name}" is not the name of a function.`);
	const values: readonly unknown[] = args[0] ?? [];
	const places = values.map((_, index) => `$${index + 1}`).join(', ');
	const rows = await query<PrivateRow<Name> & pg.QueryResultRow>(`select * from private.${name}(${places})`, [
		...values
	]).catch((error: unknown) => {
		refuseMalformed(String((error as { code?: unknown }).code));
		throw error;
	});
	await checkRows(name, rows);
	return rows;
}

/** Runs `work` in one transaction as `app_server`; it is rolled back when `work` throws. */
export async function transaction<Result>(work: (client: Queryable) => Promise<Result>): Promise<Result> {
	const client = await appPool()
		.connect()
		.catch((error: unknown) => {
			throw noted(error);
		});
	let isBroken = false;
	try {
		await client.query('begin');
		const result = await work(client);
		await client.query('commit');
		return result;
	} catch (error) {
		// A rollback would wait on a hanging connection as well; closing the connection rolls back.
		isBroken = isOutage(noted(error)) || !(await client.query('rollback').catch(() => null));
		throw error;
	} finally {
		client.release(isBroken);
	}
}

/** Ends every connection; the next query opens new ones. */
export async function closePool(): Promise<void> {
	const ending = pool;
	pool = undefined;
	await ending?.end();
}
