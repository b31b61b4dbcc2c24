/*
 * Whether the database is unavailable: then people are asked to try again in a few seconds, instead of reading about a
 * server error.
 */

// The database shuts down or recovers, connections break or run out, the disk is full, writes are refused, a statement
// took too long; then the codes of Node, of the data API and of the local Auth's driver.
const codes =
	/^(?:57P0[1-5]|57014|08\w{3}|53\w{3}|25006|E(?:CONN\w+|PIPE|TIMEDOUT|HOSTUNREACH|NETUNREACH|NOTFOUND|AI_AGAIN)|PGRST00[0-3]|CONNECT\w*_\w+)$/;

// Errors of the PostgreSQL driver, which have no code.
const words =
	/^(?:Connection terminated|timeout (?:exceeded )?when trying to connect|timeout expired|Query read timeout|Client has encountered a connection error|Client was closed|The server does not answer)/;

/** The same within a message of the local REST or of its driver, which omit the code. */
export const outageWords =
	/MARK_FOR_DISCARD|ECONN|EPIPE|CONNECT(?:ION)?_\w+|terminating connection|server closed the connection|database system is|too many (?:clients|connections)|statement timeout|read-only transaction|No space left/;

/** Whether an error, or its cause, says that the database is unreachable or accepts no writes at the moment. */
export function isOutage(error: unknown): boolean {
	if (typeof error !== 'object' || error === null) return false;
	const { code, message, cause, errors } = error as Record<string, unknown>;
	if (typeof code === 'string' && codes.test(code)) return true;
	if (typeof message === 'string' && (words.test(message) || outageWords.test(message))) return true;
	return isOutage(cause) || (Array.isArray(errors) && errors.some(isOutage));
}

let last = -Infinity;

/** Notes that the database did not answer just now. */
export function noteOutage(): void {
	last = performance.now();
}

/** Notes an error if it means that the database is unavailable, and returns it. */
export function noted<Thrown>(error: Thrown): Thrown {
	if (isOutage(error)) noteOutage();
	return error;
}

/** When the database last failed to answer anybody, as a moment of `performance.now()`. */
export function latestOutage(): number {
	return last;
}

/** Whether the database failed to answer anybody since then, a moment of `performance.now()`. */
export function outageSince(moment: number): boolean {
	return last >= moment;
}
