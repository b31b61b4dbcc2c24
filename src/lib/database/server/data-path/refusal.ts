/* The data path's answer when it refuses a call: status and body as in PostgREST. */

/** The body of a PostgREST error. */
interface RestError {
	code: string;
	message: string;
	details: string | null;
	hint: string | null;
}

/** A refused call, with the answer that says why. */
export class RestRefusal extends Error {
	readonly status: number;
	readonly body: RestError;

	constructor(status: number, body: Pick<RestError, 'code' | 'message'> & Partial<RestError>) {
		super(body.message);
		this.status = status;
		this.body = { code: body.code, details: body.details ?? null, hint: body.hint ?? null, message: body.message };
	}
}

/** An error that Postgres raised, as far as PostgREST passes it on. */
interface PostgresError {
	code: string;
	message: string;
	detail?: string | undefined;
	hint?: string | undefined;
}

/** Whether Postgres itself raised this; errors of the driver have no severity. */
export function isPostgresError(error: unknown): error is PostgresError {
	const { code, severity } = (error ?? {}) as Record<string, unknown>;
	return typeof code === 'string' && typeof severity === 'string';
}

// The table of https://docs.postgrest.org/en/stable/references/errors.html, the first that fits.
const statuses: [RegExp, number][] = [
	[/^08/, 503],
	[/^09/, 500],
	[/^0[LP]/, 403],
	[/^2350[35]$/, 409],
	[/^25006$/, 405],
	[/^21/, 500],
	[/^25/, 500],
	[/^28/, 403],
	[/^2D/, 500],
	[/^3[89B]/, 500],
	[/^40/, 500],
	[/^53400$/, 500],
	[/^53/, 503],
	[/^5[45]/, 500],
	[/^57P01$/, 503],
	[/^5[78]/, 500],
	[/^(?:F0|HV)/, 500],
	[/^P0001$/, 400],
	[/^P0/, 500],
	[/^XX/, 500],
	[/^42883$/, 404],
	[/^42P01$/, 404],
	[/^42P17$/, 500]
];

// `raise sqlstate 'PT409'` names the status itself.
function raisedStatus(code: string): number {
	const status = Number(code.slice(2));
	return status >= 200 && status <= 599 ? status : 500;
}

/**
 * The status that PostgREST gives to an error of Postgres. A signed-in caller lacks a right; a signed-out one must sign in.
 */
function statusOf(code: string, isSignedIn: boolean): number {
	if (code === '42501') return isSignedIn ? 403 : 401;
	if (code.startsWith('PT')) return raisedStatus(code);
	return statuses.find(([pattern]) => pattern.test(code))?.[1] ?? 400;
}

/** The refusal that PostgREST makes of an error of Postgres. */
export function restRefusalOf(error: PostgresError, isSignedIn: boolean): RestRefusal {
	const { code, message, detail, hint } = error;
	return new RestRefusal(statusOf(code, isSignedIn), { code, message, details: detail ?? null, hint: hint ?? null });
}

/** The refusal when no connection to Postgres is available, because it is down or all are busy. */
export function noConnection(error: unknown): RestRefusal {
	return error instanceof Error && error.message.startsWith('timeout exceeded')
		? new RestRefusal(504, { code: 'PGRST003', message: 'Timed out acquiring connection from connection pool.' })
		: new RestRefusal(503, { code: 'PGRST000', message: 'Database connection error.' });
}

/** The refusal when a connection broke before it answered. */
export const connectionLost = () =>
	new RestRefusal(503, { code: 'PGRST001', message: 'The database does not answer.' });
