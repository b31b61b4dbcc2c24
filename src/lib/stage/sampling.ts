import type { Room } from 'livekit-client';
import type { Counters, TrackCounters } from './counting.ts';

const numbers = new WeakMap<RTCDtlsTransport, string>();
let counted = 0;

// Transport ids are not unique: each connection of a page names its first one T01.
function nameOf(transport: RTCDtlsTransport): string {
	const known = numbers.get(transport);
	if (known) return known;
	const name = `transport ${++counted}`;
	numbers.set(transport, name);
	return name;
}

/** Reads the browser's counters of everything that a room sends and receives. */
export async function readCounters(room: Room): Promise<Counters> {
	const streams = new Map<string, TrackCounters>();
	const bytes = new Map<string, number>();
	const incoming = [...room.remoteParticipants.values()].flatMap((one) =>
		[...one.trackPublications.values()].flatMap(({ track, source }) =>
			track?.receiver ? [{ of: track.receiver, isCamera: source === 'camera' }] : []
		)
	);
	const outgoing = [...room.localParticipant.trackPublications.values()].flatMap(({ track }) =>
		track?.sender ? [{ of: track.sender, isCamera: false }] : []
	);
	await Promise.all(
		[...incoming, ...outgoing].map(async ({ of, isCamera }) => {
			const line = of.transport ? nameOf(of.transport) : 'transport';
			const report = (await of.getStats().catch(() => null)) as ReadonlyMap<string, Counted> | null;
			let unnamed = 0;
			for (const stat of report?.values() ?? []) {
				if (stat.type === 'transport') bytes.set(line, (stat.bytesReceived ?? 0) + (stat.bytesSent ?? 0));
				if (stat.type !== 'inbound-rtp') continue;
				unnamed += (stat.bytesReceived ?? 0) + (stat.headerBytesReceived ?? 0);
				streams.set(`${line} ${stat.id}`, streamOf(stat, isCamera));
			}
			// Firefox does not count transports.
			if (report && !bytes.has(line) && unnamed > 0) bytes.set(`${line} ${of.track?.id ?? ''}`, unnamed);
		})
	);
	return { at: performance.now(), streams, bytes };
}

interface Counted {
	id: string;
	type: string;
	bytesReceived?: number;
	bytesSent?: number;
	headerBytesReceived?: number;
	packetsReceived?: number;
	packetsLost?: number;
	totalSamplesReceived?: number;
	concealedSamples?: number;
	silentConcealedSamples?: number;
	totalFreezesDuration?: number;
}

function streamOf(stat: Counted, isCamera: boolean): TrackCounters {
	return {
		received: stat.packetsReceived ?? 0,
		lost: stat.packetsLost ?? 0,
		samples: stat.totalSamplesReceived ?? 0,
		// A muted track is no fault of the connection.
		concealed: (stat.concealedSamples ?? 0) - (stat.silentConcealedSamples ?? 0),
		// A slide may not change for minutes.
		frozen: isCamera ? (stat.totalFreezesDuration ?? 0) : 0
	};
}
