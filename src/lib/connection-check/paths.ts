/* The ways by which picture and sound can come, each tried alone; what a try shows, and what follows for a person. No I/O. */

/** Straight over UDP; over TCP; through the relay by UDP; through the relay inside TLS, which looks like a web page. */
export const paths = ['udp', 'tcp', 'turn', 'turn_tls'] as const;
export type Path = (typeof paths)[number];

/** `absent`: the streams offer no such way. `no_answer`: not even the first word of the streams came. */
export type Outcome = 'ok' | 'blocked' | 'absent' | 'no_answer';

/** What came of trying one way. Times in milliseconds. */
export interface Finding {
	path: Path;
	outcome: Outcome;
	/** Until picture and sound could flow. */
	took: number | null;
	roundTrip: number | null;
}

/** All that a check found. */
export interface Findings {
	isSupported: boolean;
	/** The streams answer at all; null while that is not known. */
	streams: 'ready' | 'away' | 'no_answer' | null;
	websocket: boolean | null;
	tried: readonly Finding[];
	/** What has to be open: "UDP 192.0.2.1:7882". */
	endpoints: readonly string[];
	/** Bits in a second, between here and our site. */
	down: number | null;
	up: number | null;
}

/** What a person can do on this line. */
export type Verdict = 'good' | 'detour' | 'text_only' | 'closed' | 'away' | 'unsupported' | 'offline';

/** Sums a check up; null while it goes on. */
export function verdictOf({ isSupported, streams, websocket, tried }: Findings): Verdict | null {
	if (!isSupported) return 'unsupported';
	if (streams === 'away') return 'away';
	if (streams === 'no_answer') return 'offline';
	const works = (path: Path) => tried.some((one) => one.path === path && one.outcome === 'ok');
	if (works('udp') || works('turn')) return 'good';
	if (works('tcp') || works('turn_tls')) return 'detour';
	if (tried.length < paths.length) return null;
	return websocket ? 'text_only' : 'closed';
}

/** What a candidate of ICE stands for, from its line; null when it is none. */
export function candidateFrom(line: string): { protocol: 'udp' | 'tcp'; address: string; port: number } | null {
	const [, protocol, address, port] = /candidate:\S+ \d+ (udp|tcp) \d+ (\S+) (\d+) typ/i.exec(line) ?? [];
	if (!protocol || !address || !port) return null;
	return { protocol: protocol.toLowerCase() as 'udp' | 'tcp', address, port: Number(port) };
}

/** Whether a candidate belongs to a way. Through a relay every one does. */
export function passes(path: Path, line: string): boolean {
	return path === 'turn' || path === 'turn_tls' || candidateFrom(line)?.protocol === path;
}

/** A description of a connection without the candidates that do not belong to the way. */
export function withoutOthers(path: Path, description: string): string {
	return description
		.split('\r\n')
		.filter((line) => !line.startsWith('a=candidate:') || passes(path, line))
		.join('\r\n');
}

/** Which of the offered relays belong to a way; straight ways have none. */
export function relaysOf(path: Path, urls: readonly string[]): string[] {
	if (path === 'turn') return urls.filter((url) => url.startsWith('turn:') && !url.includes('transport=tcp'));
	return path === 'turn_tls' ? urls.filter((url) => url.startsWith('turns:')) : [];
}

/** A place that has to be open, as administrators write it. */
export function endpointOf(line: string): string | null {
	const found = candidateFrom(line);
	if (found) return `${found.protocol.toUpperCase()} ${withPort(found.address, found.port)}`;
	const [, scheme, rest] = /^(turns?):([^?]+)/.exec(line) ?? [];
	return scheme && rest ? `${scheme === 'turns' ? 'TLS' : 'UDP'} ${rest} (TURN)` : null;
}

function withPort(address: string, port: number): string {
	return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
