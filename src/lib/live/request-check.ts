/* What the server checks of every request before the static files or the app see it. Pure. */

const longestTarget = 8192;

/** Why a request target is refused, as an HTTP status; null where the app may see it. */
export function refusalStatus(target: string): 400 | 404 | 414 | null {
	if (target.length > longestTarget) return 414;
	if (!target.startsWith('/')) return 400;
	// None of our addresses contains a NUL, and no database accepts one.
	if (target.includes('%00')) return 404;
	try {
		// A malformed escape would make later code throw. In a query each reader decodes for itself.
		decodeURIComponent(target.split(/[?#]/, 1)[0] ?? '');
		return null;
	} catch {
		return 400;
	}
}

// Files of sessions and recordings are sent in parts: src/lib/files/server/serve.ts.
const sentInParts = /\/(?:files\/[^/]+|recordings\/[^/]+\/file)$/;
const oneRange = /^bytes=(\d{0,15})-(\d{0,15})$/;

/**
 * Whether the app may see a Range header. The server of static files throws on one that ends before it begins, or has a number beyond 2^53;
 * a server may always answer with the whole (RFC 9110, 14.2), so only the routes that send parts get one.
 */
export function allowsRange(target: string, header: string): boolean {
	if (!sentInParts.test(target.split('?', 1)[0] ?? '')) return false;
	const [, first = '', last = ''] = oneRange.exec(header) ?? [];
	if (first === '') return last !== '';
	return last === '' || Number(first) <= Number(last);
}
