/* The paths by which media can arrive, each tried alone; the result of a try, and what follows for a person. No I/O. */

/** Direct over UDP; over TCP; through the relay by UDP; through the relay inside TLS, which looks like a web page. */
export const paths = ['udp', 'tcp', 'turn', 'turn_tls'] as const;
export type Path = (typeof paths)[number];

/** `absent`: the streams offer no such path. `no_answer`: not even the first answer of the streams came. */
type PathOutcome = 'ok' | 'blocked' | 'absent' | 'no_answer';

/** The result of trying one path. Times in milliseconds. */
export interface PathResult {
	path: Path;
	outcome: PathOutcome;
	/** Until media could flow. */
	took: number | null;
	roundTrip: number | null;
}

/** The results of a check. */
export interface Findings {
	isSupported: boolean;
	/** The streams answer at all; null while that is unknown. */
	streams: 'ready' | 'away' | 'no_answer' | null;
	websocket: boolean | null;
	tried: readonly PathResult[];
	/** What has to be open: "UDP 192.0.2.1:7882". */
	endpoints: readonly string[];
	/** Bits per second, between here and our site. */
	down: number | null;
	up: number | null;
}

/** What a person can do on this connection. */
export type ConnectionVerdict = 'good' | 'detour' | 'text_only' | 'closed' | 'away' | 'unsupported' | 'offline';

/** Sums a check up; null while it runs. */
export function connectionVerdictOf({ isSupported, streams, websocket, tried }: Findings): ConnectionVerdict | null {
	if (!isSupported) return 'unsupported';
	if (streams === 'away') return 'away';
	if (streams === 'no_answer') return 'offline';
	const works = (path: Path) => tried.some((one) => one.path === path && one.outcome === 'ok');
	if (works('udp') || works('turn')) return 'good';
	if (works('tcp') || works('turn_tls')) return 'detour';
	if (tried.length < paths.length) return null;
	return websocket ? 'text_only' : 'closed';
}

/** The fields of an ICE candidate line; null when it is invalid. */
export function candidateFrom(line: string): { protocol: 'udp' | 'tcp'; address: string; port: number } | null {
	const [, protocol, address, port] = /candidate:\S+ \d+ (udp|tcp) \d+ (\S+) (\d+) typ/i.exec(line) ?? [];
	if (!protocol || !address || !port) return null;
	return { protocol: protocol.toLowerCase() as 'udp' | 'tcp', address, port: Number(port) };
}

/** Whether a candidate belongs to a path. Through a relay every one does. */
export function passes(path: Path, line: string): boolean {
	return path === 'turn' || path === 'turn_tls' || candidateFrom(line)?.protocol === path;
}

/** A session description without the candidates of other paths. */
export function withoutOthers(path: Path, description: string): string {
	return description
		.split('\r\n')
		.filter((line) => !line.startsWith('a=candidate:') || passes(path, line))
		.join('\r\n');
}

/** The offered relays of a path; direct paths have none. */
export function relaysOf(path: Path, urls: readonly string[]): string[] {
	if (path === 'turn') return urls.filter((url) => url.startsWith('turn:') && !url.includes('transport=tcp'));
	return path === 'turn_tls' ? urls.filter((url) => url.startsWith('turns:')) : [];
}

/** An address that has to be open, in the notation of administrators. */
export function endpointOf(line: string): string | null {
	const found = candidateFrom(line);
	if (found) return `${found.protocol.toUpperCase()} ${withPort(found.address, found.port)}`;
	const [, scheme, rest] = /^(turns?):([^?]+)/.exec(line) ?? [];
	return scheme && rest ? `${scheme === 'turns' ? 'TLS' : 'UDP'} ${rest} (TURN)` : null;
}

function withPort(address: string, port: number): string {
	return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
