/* The connections of the data path, signed in as `data_path`. */
import pg from 'pg';
import { noteOutage } from '../outage.ts';
import { connectTimeoutMs, queryTimeoutMs, requestTimeoutMs } from '../timeouts.ts';
import { noConnection } from './refusal.ts';
import { RoundTrip, type Bound } from './round-trip.ts';

// A connection takes one call at a time: behind one that waits for a lock, others would wait too.
const mostConnections = 8;

/** Open connections, and the queries over them. When none is available, each throws a `Refusal`. */
export interface Connections {
	/** Runs statements in one round trip, which is one transaction; the first column of the last one's row. */
	send(statements: Bound[]): Promise<string | null>;
	/** Rows of a statement outside of any call, with no rights except to read the catalogue. */
	read<Row>(sql: string): Promise<Row[]>;
	close(): Promise<void>;
}

// The pool's own limit is for the wait until a connection is free, however busy all are; opening one takes no longer
// than this.
class Client extends pg.Client {
	constructor(options: pg.ClientConfig) {
		super({ ...options, connectionTimeoutMillis: connectTimeoutMs });
	}
}

/** Opens connections when they are needed. */
export function openConnections(connectionString: string, max = mostConnections): Connections {
	const options = {
		connectionString,
		max,
		Client,
		// Open connections are kept, because their prepared statements save time.
		idleTimeoutMillis: 120_000,
		allowExitOnIdle: true,
		keepAlive: true,
		connectionTimeoutMillis: requestTimeoutMs
	};
	const pool = new pg.Pool(options as unknown as pg.PoolConfig);
	// An idle connection that breaks is replaced; without a listener it would end the process. So would a busy one.
	pool.on('error', () => undefined);
	pool.on('connect', (client) => client.on('error', () => undefined));

	async function use<Result>(work: (client: pg.PoolClient) => Promise<Result>): Promise<Result> {
		const client = await pool.connect().catch((error: unknown) => {
			noteOutage();
			throw noConnection(error);
		});
		let isWhole = true;
		let giveUp: NodeJS.Timeout | undefined;
		try {
			// A call has the whole time of a statement, however long it waited: if we gave up sooner, Postgres would
			// finish the statement all the same, and closing its connection would open one more beside it.
			const limit = new Promise<never>((_, reject) => {
				giveUp = setTimeout(() => reject(timedOut()), queryTimeoutMs);
			});
			return await Promise.race([work(client), limit]);
		} catch (error) {
			isWhole = isOfStatement(error);
			throw error;
		} finally {
			clearTimeout(giveUp);
			// A broken connection is closed, and so is one that does not answer: closing it rolls back.
			client.release(!isWhole);
		}
	}

	return {
		send: (statements) => use((client) => client.query(new RoundTrip(statements)).answer),
		read: async <Row>(sql: string) => (await use((client) => client.query(sql))).rows as Row[],
		close: () => pool.end()
	};
}

const timedOut = () => Object.assign(new Error('The server does not answer.'), { code: 'ETIMEDOUT' });

// An error of a statement leaves the connection intact; a fatal one of Postgres ends it, as does any of the network.
function isOfStatement(error: unknown): boolean {
	return (error as { severity?: unknown }).severity === 'ERROR';
}
