import type { Entry } from './session.ts';

/** Two entries that overlap, the earlier first. */
interface Clash {
	first: Entry;
	second: Entry;
	/** The overlap in milliseconds. */
	start: number;
	end: number;
}

/** The overlapping entries of a person. One session's own slots do not clash; cancelled sessions and breaks never do. */
export function clashesOf(entries: readonly Entry[]): Clash[] {
	const held = entries
		.filter((entry) => !entry.session.is_cancelled && !entry.session.is_break)
		.sort((a, b) => a.start - b.start || a.end - b.end);
	return held.flatMap((first, index) =>
		held
			.slice(index + 1)
			.filter((second) => second.start < first.end && second.session.id !== first.session.id)
			.map((second) => ({ first, second, start: second.start, end: Math.min(first.end, second.end) }))
	);
}
