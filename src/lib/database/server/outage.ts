/* Whether the database is away: what to tell people then is "try again in some seconds", not that the fault is ours. */

// A database that ends or recovers, broken connections, no more of them, a full disk, one that takes no writes, a statement
// that took too long; then the codes of Node, of the data API and of the local Auth's driver.
const codes =
	/^(?:57P0[1-5]|57014|08\w{3}|53\w{3}|25006|E(?:CONN\w+|PIPE|TIMEDOUT|HOSTUNREACH|NETUNREACH|NOTFOUND|AI_AGAIN)|PGRST00[0-3]|CONNECT\w*_\w+)$/;

// Errors of the driver of PostgreSQL, which have no code.
const words =
	/^(?:Connection terminated|timeout (?:exceeded )?when trying to connect|timeout expired|Query read timeout|Client has encountered a connection error|Client was closed|The server does not answer)/;

// The same within a sentence of the local REST, which keeps the code for itself.
const reported =
	/the database system is|terminating connection|server closed the connection|CONNECTION_(?:CLOSED|ENDED|DESTROYED)|ECONNRE(?:FUSED|SET)/;

/** Whether an error, or what caused it, says that the database cannot be reached or takes no writes at the moment. */
export function isOutage(error: unknown): boolean {
	if (typeof error !== 'object' || error === null) return false;
	const { code, message, cause, errors } = error as Record<string, unknown>;
	if (typeof code === 'string' && codes.test(code)) return true;
	if (typeof message === 'string' && (words.test(message) || reported.test(message))) return true;
	return isOutage(cause) || (Array.isArray(errors) && errors.some(isOutage));
}

let last = -Infinity;

/** Notes that the database did not answer just now. */
export function noteOutage(): void {
	last = performance.now();
}

/** Notes an error if it is one of an absent database, and gives it back. */
export function noted<Thrown>(error: Thrown): Thrown {
	if (isOutage(error)) noteOutage();
	return error;
}

/** Whether the database failed to answer anybody since then, a moment of `performance.now()`. */
export function outageSince(moment: number): boolean {
	return last >= moment;
}
