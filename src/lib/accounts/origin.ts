// Clients other than our own pages may send here: each proves itself by a signature or a key, and none by a cookie.
const openToOthers = [
	// Stripe and LiveKit sign what they send.
	/^\/webhooks\//,
	// A mail program that unsubscribes its reader has the token of the mail (RFC 8058).
	/^\/\(account\)\/unsubscribe\/\[token\]\/one-click$/,
	// A captions engine has a token, the encoder of a hall a code, and the browser that records a key in its address.
	/^\/api\/captions$/,
	// Other systems have a key of a Summit.
	/^\/api\/v1(?:\/|$)/,
	// A device with a wallet pass has the token of the pass.
	/^\/api\/wallet\/v1\//,
	/^\/\(stage\)\/\[summit\]\/live\/\[room\]\/hall\/whip(?:\/|$)/,
	/^\/\(stage\)\/live\/recorder\/\[key\]\//
];
const reading = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Whether a request may change something: it only reads, comes from a page of this site, or goes to a route that is open to others.
 * SvelteKit checks the Origin of forms alone; this covers JSON, uploads and every other method.
 */
export function comesFromOurPages(
	method: string,
	routeId: string | null,
	sender: string | null,
	site: string
): boolean {
	return (
		reading.has(method) || sender === site || routeId === null || openToOthers.some((route) => route.test(routeId))
	);
}
