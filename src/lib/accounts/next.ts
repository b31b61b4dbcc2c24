/** Where to go on: an address of this site only, else the start page. */
export function safeNext(value: unknown, otherwise = '/'): string {
	if (typeof value !== 'string' || !/^\/(?![/\\])/.test(value)) return otherwise;
	const { origin, pathname, search } = new URL(value, 'http://here.invalid');
	return origin === 'http://here.invalid' ? pathname + search : otherwise;
}
