/** The headers of LiveKit's answer that an encoder needs; all others are dropped. */
const passed = ['content-type', 'etag', 'link'];

/** An encoder's offer has a few kilobytes. */
export const maxOfferBytes = 64 * 1024;

/** The bearer token of a request; '' without one. */
export function bearerOf(header: string | null): string {
	return /^Bearer ([A-Za-z0-9]{8,64})$/i.exec(header?.trim() ?? '')?.[1] ?? '';
}

/** Pages of other sites may be encoders too: no cookie is used here. */
export const whipHeaders: Record<string, string> = {
	'access-control-allow-origin': '*',
	'access-control-allow-methods': 'POST, PATCH, DELETE, OPTIONS',
	'access-control-allow-headers': 'authorization, content-type, if-match',
	'access-control-expose-headers': 'location, link, etag, retry-after',
	'cache-control': 'no-store'
};

/** The headers of LiveKit's answer that the encoder gets, with our own address of the session. */
export function headersOf(answer: Response, own: string): Record<string, string> {
	const headers = { ...whipHeaders };
	for (const name of passed) {
		const value = answer.headers.get(name);
		if (value) headers[name] = value;
	}
	const session = /\/whip\/v1\/([A-Za-z0-9_]+)$/.exec(answer.headers.get('location') ?? '')?.[1];
	if (session) headers['location'] = `${own}/${session}`;
	return headers;
}
