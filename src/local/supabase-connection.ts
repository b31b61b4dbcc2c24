import { createPostgresConnection, type PostgresConnection } from '@supabase/lite/postgres';

/** What lite knows of who asks; its own type is left open. */
interface Context {
	auth?: { uid?: string | null; role?: string; jwt?: object | null };
	storage?: { operation?: string };
}
type Options = NonNullable<Parameters<PostgresConnection['withContext']>[2]>;

const jsonText = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

/** The connections of the local Auth and REST. */
export function liteConnection(url: string): PostgresConnection {
	const connection = createPostgresConnection({
		url,
		postgresOptions: {
			max: 16,
			connect_timeout: 10,
			connection: { statement_timeout: 20_000, idle_in_transaction_session_timeout: 20_000 },
			onnotice: () => undefined,
			types: {
				// Arguments of functions arrive as text already; encoding them again would make a JSON string of them.
				json: { to: 114, from: [114], serialize: jsonText, parse: (text: string) => JSON.parse(text) as unknown },
				jsonb: { to: 3802, from: [3802], serialize: jsonText, parse: (text: string) => JSON.parse(text) as unknown },
				// As PostgREST writes these two; the driver would leave them texts and dates.
				numeric: { to: 1700, from: [1700], serialize: String, parse: Number },
				timestamptz: {
					to: 1184,
					from: [1184],
					serialize: (value: unknown) => (value instanceof Date ? value.toISOString() : value),
					parse: isoInstant
				}
			}
		}
	});
	skipGrants(connection);
	saveRoundTrips(connection);
	setContextAtOnce(connection);
	return connection;
}

function isoInstant(text: string): string {
	const iso = text.replace(' ', 'T');
	return /[+-]\d\d$/.test(iso) ? `${iso}:00` : iso;
}

/**
 * lite grants everything to everybody on its first request. As `lite_login` it may not, and in a schema where that role
 * has no right at all the attempt is an error rather than a warning: so it is told that it has done so.
 */
function skipGrants(connection: object): void {
	if (!('rlsState' in connection))
		throw new Error('@supabase/lite has changed: its rlsState is gone; check what it grants.');
	connection.rlsState = 'active';
}

/** Texts beyond this many are parsed each time: a connection keeps what it has prepared for ever. */
const mostPrepared = 400;

const begun = Promise.resolve(Object.assign([], { command: 'BEGIN', count: 0 }));

// lite's driver parses each statement again, with another round trip. Prepared, as PostgREST does it, it needs one.
function saveRoundTrips({ driver }: PostgresConnection): void {
	const known = new Set<string>();
	const reserve = driver.reserve.bind(driver);
	driver.reserve = async () => {
		const reserved = await reserve();
		const { guarded, afterwards } = breakTogether();
		const unsafe = reserved.unsafe.bind(reserved) as typeof reserved.unsafe;
		const release = reserved.release.bind(reserved);
		let begins = false;
		reserved.unsafe = ((text: string, values: never[] = [], options = {}) => {
			if (known.size < mostPrepared && values.length > 0) known.add(text);
			// A transaction begins in the same packet as its first statement.
			if (begins) guarded(() => unsafe('begin')).catch(() => undefined);
			begins = text === 'begin';
			if (begins) return begun;
			return guarded(() => unsafe(text, values, { prepare: known.has(text), ...options }));
		}) as typeof reserved.unsafe;
		// The driver has put away a broken one itself; given back, it would be handed out as if it were whole. One that
		// answered too late is given back when it has.
		reserved.release = () =>
			afterwards(async () => {
				await unsafe('rollback');
				release();
			}, release);
		return reserved;
	};
}

// Longer than the server lets a statement take.
const statementLimitMs = 22_000;

let lastBreak = -Infinity;

/** Whether a connection of this process broke within the last so many milliseconds. */
export const brokeWithin = (ms: number) => performance.now() - lastBreak < ms;

/**
 * The statements of one reserved connection, which fail together when it breaks: the driver forgets those that wait behind the
 * one to which it reports the break, and the caller would wait for ever.
 */
function breakTogether() {
	let failure: unknown = null;
	let breakAll: (error: unknown) => void = () => undefined;
	const breaks = new Promise<never>((_, reject) => (breakAll = reject));
	breaks.catch(() => undefined);
	const fail = (error: unknown) => {
		failure ??= error;
		lastBreak = performance.now();
		breakAll(error);
	};
	const all: Promise<unknown>[] = [];
	async function guarded<Rows>(send: () => PromiseLike<Rows>): Promise<Rows> {
		if (failure !== null) return breaks;
		const timer = setTimeout(() => fail(tooLate), statementLimitMs);
		const answer = Promise.resolve(send());
		all.push(answer);
		try {
			return await Promise.race([answer, breaks]);
		} catch (error) {
			if (isBreak(error)) fail(error);
			throw error;
		} finally {
			clearTimeout(timer);
		}
	}
	/** Calls `release` now, `late` when the last answer came after all, and neither when the connection is gone. */
	function afterwards(late: () => Promise<void>, release: () => void): void {
		if (failure === null) return release();
		if (failure !== tooLate) return;
		void Promise.allSettled(all).then(async (answers) => {
			const isGone = answers.some((answer) => answer.status === 'rejected' && isBreak(answer.reason));
			if (!isGone) await late().catch(() => undefined);
		});
	}
	return { guarded, afterwards };
}

const tooLate = Object.assign(new Error('The database does not answer: CONNECT_TIMEOUT'), { code: 'CONNECT_TIMEOUT' });

// What PostgreSQL calls fatal ends the session; what the driver calls its own has no severity.
function isBreak(error: unknown): boolean {
	const { severity, code } = (error ?? {}) as { severity?: unknown; code?: unknown };
	return severity === 'FATAL' || severity === 'PANIC' || (typeof code === 'string' && /^(?:CONNECT|E[A-Z])/.test(code));
}

const ordinary = new Set(['anon', 'authenticated', 'service_role']);

// Who asks, told to the database as PostgREST does it: in one statement, where lite sends up to ten, one after the other.
function setContextAtOnce(connection: PostgresConnection): void {
	if (!('applyRpcRequestGucs' in connection))
		throw new Error('@supabase/lite has changed: check how it tells the database who asks.');
	const before = connection.withContext.bind(connection);
	connection.withContext = (given, work, options) => {
		const vars = given as Context | undefined;
		const role = vars?.auth?.role || 'anon';
		if (!vars || options?.forceRollback || options?.transaction || !ordinary.has(role))
			return before(given, work, options);
		return connection.runInTransaction(async (transaction) => {
			await transaction.executeQuery(settings(contextOf(vars, role, options)));
			return work(transaction);
		});
	};
}

function contextOf({ auth, storage }: Context, role: string, options?: Options): Record<string, string> {
	const { rpc } = options ?? {};
	return {
		role,
		'request.jwt.claim.sub': String(auth?.uid ?? ''),
		'request.jwt.claim.role': role,
		'storage.operation': String(storage?.operation ?? ''),
		'request.jwt.claims': auth?.jwt ? JSON.stringify(auth.jwt) : '',
		...(rpc && {
			'response.status': '',
			'response.headers': '',
			'request.method': rpc.method,
			'request.path': rpc.path,
			'request.headers': JSON.stringify(rpc.requestHeaders ?? {}),
			...(rpc.readOnly && { transaction_read_only: 'on' })
		})
	};
}

/** One statement that makes all of these settings until the end of the transaction. */
function settings(values: Record<string, string>) {
	const names = Object.keys(values);
	const sql = `select ${names.map((name, index) => `set_config('${name}', $${index + 1}, true)`).join(', ')}`;
	return {
		sql,
		parameters: Object.values(values),
		query: { kind: 'RawNode', sqlFragments: [sql], parameters: [] },
		queryId: { queryId: sql }
	} as const;
}
