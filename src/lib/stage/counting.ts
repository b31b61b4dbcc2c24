/* The counters of a browser's connection, and their difference between two samples. No I/O. */
import type { Sample } from './quality.ts';

/** The counters of one incoming track. */
export interface TrackCounters {
	received: number;
	lost: number;
	/** Samples of audio, and how many of them were concealed. */
	samples: number;
	concealed: number;
	/** Seconds in which a camera's video was frozen. */
	frozen: number;
}

/** The counters of a connection at one moment. */
export interface Counters {
	/** Milliseconds. */
	at: number;
	streams: ReadonlyMap<string, TrackCounters>;
	/** Bytes in both directions, by transport. */
	bytes: ReadonlyMap<string, number>;
}

/** The difference to an earlier sample. */
interface Difference extends Omit<Sample, 'quality'> {
	bytes: number;
	/** Milliseconds. */
	elapsed: number;
}

/** Compares two samples. A new track counts from its own start; a removed one no longer counts. */
export function compareCounters(before: Counters | null, after: Counters): Difference {
	const elapsed = before ? after.at - before.at : 0;
	const sums: TrackCounters = { received: 0, lost: 0, samples: 0, concealed: 0, frozen: 0 };
	let frozen = 0;
	for (const [id, now] of after.streams) {
		const then = before?.streams.get(id);
		if (!then) continue;
		for (const key of ['received', 'lost', 'samples', 'concealed'] as const)
			sums[key] += Math.max(0, now[key] - then[key]);
		// One frozen video is enough.
		frozen = Math.max(frozen, now.frozen - then.frozen);
	}
	return {
		elapsed,
		loss: share(sums.lost, sums.lost + sums.received),
		concealed: share(sums.concealed, sums.samples),
		frozen: share(frozen * 1000, elapsed),
		bytes: [...after.bytes].reduce((sum, [id, count]) => sum + grown(before?.bytes.get(id) ?? 0, count), 0)
	};
}

// A counter that is lower than before was reset.
function grown(before: number, after: number): number {
	return after >= before ? after - before : after;
}

function share(part: number, whole: number): number {
	return whole > 0 ? Math.min(1, Math.max(0, part / whole)) : 0;
}
