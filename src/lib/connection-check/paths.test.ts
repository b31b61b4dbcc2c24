import { describe, expect, test } from 'vitest';
import {
	endpointOf,
	passes,
	paths,
	relaysOf,
	connectionVerdictOf,
	withoutOthers,
	type Findings,
	type Path
} from './paths.ts';

const udp = 'candidate:1 1 udp 2130706431 192.0.2.7 7882 typ host';
const tcp = 'candidate:2 1 TCP 1671430143 2001:db8::7 7881 typ host tcptype passive';
const findings = (works: Path[], change: Partial<Findings> = {}): Findings => ({
	isSupported: true,
	streams: 'ready',
	websocket: true,
	tried: paths.map((path) => ({ path, outcome: works.includes(path) ? 'ok' : 'blocked', took: 1, roundTrip: 1 })),
	endpoints: [],
	down: null,
	up: null,
	...change
});

describe('each path alone', () => {
	test('keeps only its own candidates, in a description too', () => {
		expect(paths.map((path) => [passes(path, udp), passes(path, tcp)])).toEqual([
			[true, false],
			[false, true],
			[true, true],
			[true, true]
		]);
		expect(withoutOthers('tcp', `v=0\r\na=${udp}\r\na=${tcp}\r\n`)).toBe(`v=0\r\na=${tcp}\r\n`);
		expect(passes('udp', 'nonsense')).toBe(false);
	});

	test('keeps only its own relays', () => {
		const offered = ['turn:192.0.2.7:3478?transport=udp', 'turns:turn.example.org:443?transport=tcp'];
		expect(paths.map((path) => relaysOf(path, offered))).toEqual([[], [], [offered[0]], [offered[1]]]);
	});
});

test('lists what must be open in the notation of administrators', () => {
	expect(
		[udp, tcp, 'turn:192.0.2.7:3478?transport=udp', 'turns:turn.example.org:443?transport=tcp'].map(endpointOf)
	).toEqual([
		'UDP 192.0.2.7:7882',
		'TCP [2001:db8::7]:7881',
		'UDP 192.0.2.7:3478 (TURN)',
		'TLS turn.example.org:443 (TURN)'
	]);
	expect(endpointOf('')).toBe(null);
});

test('names the paths that work, and none before the result is known', () => {
	expect(connectionVerdictOf(findings(['udp', 'tcp']))).toBe('good');
	expect(connectionVerdictOf(findings(['turn']))).toBe('good');
	expect(connectionVerdictOf(findings(['tcp']))).toBe('detour');
	expect(connectionVerdictOf(findings(['turn_tls']))).toBe('detour');
	expect(connectionVerdictOf(findings([]))).toBe('text_only');
	expect(connectionVerdictOf(findings([], { websocket: false }))).toBe('closed');
	expect(connectionVerdictOf(findings([], { tried: [] }))).toBe(null);
	expect(connectionVerdictOf(findings([], { streams: 'away' }))).toBe('away');
	expect(connectionVerdictOf(findings([], { streams: 'no_answer' }))).toBe('offline');
	expect(connectionVerdictOf(findings(['udp'], { isSupported: false }))).toBe('unsupported');
});
