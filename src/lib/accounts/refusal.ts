/** Why a request was refused, where its status alone does not say it: a wrong code, an unknown passkey. Words of ours, never of the reader. */
export interface Refusal {
	status: number;
	reason: string;
}

/** What a line about a refused request contains. */
interface RefusedRequest extends Refusal {
	route: string | null;
	method: string;
}

const reasons: Record<number, string> = {
	401: 'not_signed_in',
	403: 'forbidden',
	405: 'method',
	413: 'too_large',
	415: 'content_type',
	429: 'limited'
};

// Where people look for help nothing is written about who they are, not even by a hash.
const silent = /^\/\(public\)\/(?:\[summit\]\/)?talk(?:\/|$)/;
// The last part of such an address is a secret: somebody may be guessing.
const personalLink = /\[(?:token|key)\]/;

/** The facts about a request that was refused; null for any other, and where none are written. */
export function refusedRequest(
	request: { route: string | null; method: string },
	status: number,
	said: Refusal | undefined
): RefusedRequest | null {
	const { route, method } = request;
	if (route !== null && silent.test(route)) return null;
	if (said) return { route, method, ...said };
	if (status === 404 || status === 410)
		return route !== null && personalLink.test(route) ? { route, method, status, reason: 'unknown_link' } : null;
	const isUnsigned = route?.startsWith('/webhooks/') && (status === 400 || status === 401);
	const reason = isUnsigned ? 'signature' : reasons[status];
	return reason === undefined ? null : { route, method, status, reason };
}
