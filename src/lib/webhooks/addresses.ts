/* Which addresses our server may call for others: public ones alone, because whoever adds an endpoint makes it call one. */
import { BlockList, isIP } from 'node:net';

const special = new BlockList();
// Of the registry of special addresses (RFC 6890) and multicast: nothing that is reached from everywhere.
for (const [net, bits] of [
	['0.0.0.0', 8],
	['10.0.0.0', 8],
	['100.64.0.0', 10],
	['127.0.0.0', 8],
	['169.254.0.0', 16],
	['172.16.0.0', 12],
	['192.0.0.0', 24],
	['192.0.2.0', 24],
	['192.88.99.0', 24],
	['192.168.0.0', 16],
	['198.18.0.0', 15],
	['198.51.100.0', 24],
	['203.0.113.0', 24],
	['224.0.0.0', 4],
	['240.0.0.0', 4]
] as const)
	special.addSubnet(net, bits, 'ipv4');
// Inside 2000::/3: protocol assignments with Teredo, documentation, and 6to4, which leads to any IPv4 address.
for (const [net, bits] of [
	['2001::', 23],
	['2001:db8::', 32],
	['2002::', 16],
	['3fff::', 20]
] as const)
	special.addSubnet(net, bits, 'ipv6');

const global6 = new BlockList();
global6.addSubnet('2000::', 3, 'ipv6');

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Whether an address is reached from everywhere. IPv4 addresses that are written as IPv6 ones are not. */
export function isPublicAddress(address: string): boolean {
	const version = isIP(address);
	if (version === 4) return !special.check(address, 'ipv4');
	// An address with a zone ("%eth0") is one of this machine's networks.
	return version === 6 && !address.includes('%') && global6.check(address, 'ipv6') && !special.check(address, 'ipv6');
}

/** Whether an address is this machine's. */
export function isLoopbackAddress(address: string): boolean {
	const version = isIP(address);
	return version !== 0 && loopback.check(address, version === 4 ? 'ipv4' : 'ipv6');
}

const bare = (hostname: string) => hostname.replace(/^\[(.*)\]$/, '$1');

/** Whether the host of an address means this machine. */
export function isLoopbackHost(hostname: string): boolean {
	return /^(?:[\w-]+\.)*localhost$/.test(hostname) || isLoopbackAddress(bare(hostname));
}

// Names that are never found in the public DNS.
const localName = /(?:^|\.)(?:localhost|local|internal|intranet|lan|home|corp|test|invalid|onion|home\.arpa)$/;

/**
 * What was entered as the address of an endpoint; null where it cannot be one. `allowsLoopback`: the site itself is on
 * this machine, for trying it out. Numbers in other forms (decimal, hexadecimal) are already usual ones in a URL.
 */
export function endpointUrl(entered: string, allowsLoopback: boolean): URL | null {
	const text = entered.trim();
	if (text.length > 500 || !URL.canParse(text)) return null;
	const url = new URL(text);
	url.hash = '';
	const { protocol, hostname, username, password, href } = url;
	if (username || password || href.length > 500 || /["<>\s]/.test(href)) return null;
	if (isLoopbackHost(hostname)) return allowsLoopback && /^https?:$/.test(protocol) ? url : null;
	if (protocol !== 'https:') return null;
	const host = bare(hostname);
	if (isIP(host)) return isPublicAddress(host) ? url : null;
	// A dot at the end is the same name, and a name without one is of a local network.
	const name = host.replace(/\.$/, '');
	return name.includes('.') && !localName.test(name) ? url : null;
}

/** An address as the resolver of names gives it. */
export interface FoundAddress {
	address: string;
	family: number;
}

/** Finds the addresses of a host. */
export type Resolve = (hostname: string) => Promise<FoundAddress[]>;

/**
 * The addresses to which a request goes; why it goes nowhere otherwise. One that is not public refuses them all: who
 * holds a name could change which one comes first.
 */
export async function checkedAddresses(url: URL, resolve: Resolve): Promise<FoundAddress[] | 'name' | 'address'> {
	const host = bare(url.hostname);
	const found = isIP(host) ? [{ address: host, family: isIP(host) }] : await resolve(host).catch(() => []);
	if (found.length === 0) return 'name';
	const isAllowed = isLoopbackHost(url.hostname) ? isLoopbackAddress : isPublicAddress;
	return found.every(({ address }) => isAllowed(address)) ? found : 'address';
}
