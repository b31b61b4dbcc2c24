/** The next address after sign-in: an address of this site only, else the start page. */
export function safeNext(value: unknown, otherwise = '/'): string {
	if (typeof value !== 'string' || !/^\/(?![/\\])/.test(value)) return otherwise;
	const { origin, pathname, search } = new URL(value, 'http://here.invalid');
	// Parsing turns "/.//elsewhere" into "//elsewhere".
	return origin === 'http://here.invalid' && !pathname.startsWith('//') ? pathname + search : otherwise;
}
