/*
 * On https every cookie of ours is called `__Host-…`: a browser takes such a one from this host alone, over https and for all paths (RFC 6265bis,
 * 4.1.3.2), so that no other site of the domain can plant one. The app knows the names without it; they are changed where a request comes in and
 * where an answer goes out.
 */
export const hostPrefix = '__Host-';

/** A Cookie header as the app reads it: the cookies with the prefix, without it. What another site of the domain may have set is left out. */
export function withoutHostPrefix(header: string): string {
	return header
		.split(';')
		.map((each) => each.trim())
		.filter((each) => each.startsWith(hostPrefix))
		.map((each) => each.slice(hostPrefix.length))
		.join('; ');
}

/** A Set-Cookie header as a browser gets it. The prefix asks for these two attributes, and for no Domain. */
export function withHostPrefix(header: string): string {
	const [pair = '', ...attributes] = header.split(';').map((each) => each.trim());
	const kept = attributes.filter((each) => !/^(?:path|domain|secure)(?:=|$)/i.test(each));
	return [hostPrefix + pair, 'Path=/', ...kept, 'Secure'].join('; ');
}

/** The name of a cookie that a script of ours sets. */
export function cookieName(name: string, protocol: string): string {
	return protocol === 'https:' ? hostPrefix + name : name;
}
