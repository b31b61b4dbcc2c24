/** Where to go on: an address of this site only, else the start page. */
export function safeNext(value: unknown, otherwise = '/'): string {
	if (typeof value !== 'string' || !/^\/(?![/\\])/.test(value)) return otherwise;
	const { origin, pathname, search } = new URL(value, 'http://here.invalid');
	// "/.//elsewhere" comes out of parsing as "//elsewhere".
	return origin === 'http://here.invalid' && !pathname.startsWith('//') ? pathname + search : otherwise;
}
