/*
 * On https each of our cookies is named `__Host-…`: a browser accepts such a cookie from this host alone, over https and for all paths
 * (RFC 6265bis, 4.1.3.2), so that no other site of the domain can plant one. The app uses the names without the prefix; they are changed in
 * each request and in each answer.
 */
const hostPrefix = '__Host-';

/** A Cookie header for the app: the cookies with the prefix, without it. Cookies that another site of the domain may have set are dropped. */
export function withoutHostPrefix(header: string): string {
	return header
		.split(';')
		.map((each) => each.trim())
		.filter((each) => each.startsWith(hostPrefix))
		.map((each) => each.slice(hostPrefix.length))
		.join('; ');
}

/** A Set-Cookie header for the browser. The prefix requires these two attributes, and no Domain. */
export function withHostPrefix(header: string): string {
	const [pair = '', ...attributes] = header.split(';').map((each) => each.trim());
	const allowed = attributes.filter((each) => !/^(?:path|domain|secure)(?:=|$)/i.test(each));
	return [hostPrefix + pair, 'Path=/', ...allowed, 'Secure'].join('; ');
}

/** The name of a cookie that one of our scripts sets. */
export function cookieName(name: string, protocol: string): string {
	return protocol === 'https:' ? hostPrefix + name : name;
}
