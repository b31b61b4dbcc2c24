import { expect, test } from 'vitest';
import type { Findings } from './paths.ts';
import { reportOf, qualityFor } from './words.ts';

const findings: Findings = {
	isSupported: true,
	streams: 'ready',
	websocket: true,
	tried: [
		{ path: 'udp', outcome: 'blocked', took: null, roundTrip: null },
		{ path: 'tcp', outcome: 'ok', took: 900, roundTrip: 41.6 },
		{ path: 'turn', outcome: 'blocked', took: null, roundTrip: null },
		{ path: 'turn_tls', outcome: 'absent', took: null, roundTrip: null }
	],
	endpoints: ['TCP 192.0.2.7:7881', 'UDP 192.0.2.7:7882'],
	down: 4_240_000,
	up: null
};

test('lists the findings and what must be open in the report, line by line', () => {
	const report = reportOf(findings, 'detour', 'summit.example.org:443', new Date('2027-05-04T09:30:12Z'));
	expect(report).toBe(`Connection to the streams of summit.example.org:443
Checked: 2027-05-04 09:30 UTC

It works, by a detour. Picture and sound come through, but not by the direct way: they may lag. Send the report to your IT department; it says what to open.
The speed is enough for: High picture.

What was found
- First contact (WebSocket): works
- Direct way (UDP): does not come through
- Direct way, over TCP: works, 42 ms there and back
- Through the relay (TURN over UDP): does not come through
- Through the relay, like a web page (TURN over TLS): not offered by the streams
- Speed towards you: 4.2 Mb/s
- Speed from you: not measured

What must be reachable from this network
- TCP summit.example.org:443
- TCP 192.0.2.7:7881
- UDP 192.0.2.7:7882

Connections are made from inside; answers must be let back in. Proxies must not hold back or open up WebSocket connections. Where UDP cannot be opened, TCP or TURN over TLS is enough.
`);
});

test('rates a speed by the level that it carries with a margin', () => {
	expect([qualityFor(50e6), qualityFor(1e6), qualityFor(200_000), qualityFor(5_000), qualityFor(null)]).toEqual([
		'hd',
		'sd',
		'audio',
		'captions',
		null
	]);
});
