import type { RequestEvent } from '@sveltejs/kit';

type Asking = Pick<RequestEvent, 'getClientAddress' | 'platform'>;

/** The key of a client for rate limits: its address as the proxy names it (ADDRESS_HEADER), IPv6 by /64. */
export function clientOf(event: Asking): string {
	return clientGroup(addressOf(event));
}

// A request that bypassed the proxy, such as a health check, has no such header: adapter-node then throws.
function addressOf({ getClientAddress, platform }: Asking): string {
	try {
		return getClientAddress();
	} catch {
		return platform?.req.socket.remoteAddress ?? 'unknown';
	}
}

// The network of one subscriber: an IPv4 address, or the /64 of an IPv6 one, in which anybody has 2^64 addresses. "unknown" for
// anything else.
function clientGroup(address: string): string {
	const bare = withoutPort(address.trim());
	const mapped = /^(?:::ffff:|::ffff:0:|64:ff9b::)(\d+(?:\.\d+){3})$/i.exec(bare)?.[1] ?? bare;
	if (isIPv4(mapped)) return mapped;
	const groups = groupsOf(bare);
	if (!groups) return 'unknown';
	if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
		return [6, 7].flatMap((at) => [(groups[at] ?? 0) >> 8, (groups[at] ?? 0) & 0xff]).join('.');
	}
	return `${groups
		.slice(0, 4)
		.map((group) => group.toString(16))
		.join(':')}::/64`;
}

// Some proxies write "203.0.113.7:51234" or "[2001:db8::1]:51234", and a link-local address has its interface after a "%".
function withoutPort(address: string): string {
	const inBrackets = /^\[([^\]]+)\](?::\d+)?$/.exec(address)?.[1];
	return (inBrackets ?? address.replace(/^(\d+(?:\.\d+){3}):\d+$/, '$1')).replace(/%.*$/, '');
}

function isIPv4(text: string): boolean {
	return /^\d{1,3}(?:\.\d{1,3}){3}$/.test(text) && text.split('.').every((part) => Number(part) < 256);
}

/** The eight groups of an IPv6 address, or null. */
function groupsOf(text: string): number[] | null {
	if (!/^[0-9a-f:]{2,39}$/i.test(text)) return null;
	const halves = text.split('::');
	if (halves.length > 2) return null;
	const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
	const missing = 8 - head.length - tail.length;
	if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
	const groups = [...head, ...Array<string>(Math.max(0, missing)).fill('0'), ...tail];
	return groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group)) ? groups.map((group) => parseInt(group, 16)) : null;
}
