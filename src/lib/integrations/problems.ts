/* Why a request is refused: RFC 9457. The codes are stable; a client reads them and not the sentences. */

interface ProblemKind {
	status: number;
	title: string;
}

/** Every refusal by its code. */
export const problems = {
	key_missing: { status: 401, title: 'Send a key: "Authorization: Bearer gs_…".' },
	key_unknown: { status: 401, title: 'This key is unknown.' },
	key_revoked: { status: 401, title: 'This key was revoked.' },
	key_expired: { status: 401, title: 'This key has expired.' },
	key_not_entitled: { status: 403, title: 'The person who made this key is no longer an owner of the Summit.' },
	scope_missing: { status: 403, title: 'This key has not the scope that this address needs.' },
	maker_not_allowed: { status: 403, title: 'The person who made this key may not check anybody in at present.' },
	too_many_requests: { status: 429, title: 'Too many requests. Wait as long as Retry-After says.' },
	not_found: { status: 404, title: 'There is nothing at this address.' },
	checkpoint_not_found: { status: 404, title: 'There is no such checkpoint.' },
	method_not_allowed: { status: 405, title: 'This address does not take this method. See Allow.' },
	invalid_query: { status: 400, title: 'A parameter of the address is unknown or out of range.' },
	invalid_cursor: { status: 400, title: 'This cursor is of no page. Use "next" as it was answered.' },
	idempotency_key_missing: { status: 400, title: 'Send an Idempotency-Key of 1 to 255 visible ASCII characters.' },
	idempotency_key_reused: { status: 422, title: 'This Idempotency-Key was used for another request.' },
	invalid_body: { status: 422, title: 'The body is not what this address takes.' },
	not_json: { status: 415, title: 'Send application/json.' },
	too_large: { status: 413, title: 'The body is too large.' },
	summit_closed: { status: 409, title: 'The Summit is closed.' },
	unavailable: { status: 503, title: 'The service is not available. Wait as long as Retry-After says.' },
	failed: { status: 500, title: 'The request failed by a fault of the site.' }
} as const satisfies Record<string, ProblemKind>;

/** Why a request is refused. */
export type ProblemCode = keyof typeof problems;

/** The body of a refusal. `origin`: of the site. */
export function problemBody(code: ProblemCode, origin: string, more: Record<string, string> = {}) {
	const { status, title } = problems[code];
	return { type: `${origin}/api/v1/openapi.json#${code}`, title, status, code, ...more };
}
