/* Names of segments of PostgreSQL's log (WAL), 16 MB each: timeline, then number. Pure. */

/** A segment in the place, with the proof that is in its name. */
export interface Segment {
	name: string;
	/** Its name in the place. */
	file: string;
}

/** Whether the archive gave this name to a segment, or to the history of a timeline. */
export const isSegment = (name: string): boolean => /^[0-9A-F]{24}$/.test(name);
export const isHistory = (name: string): boolean => /^[0-9A-F]{8}\.history$/.test(name);

/** The place of a segment in the log, whatever its timeline. */
export const numberOf = (name: string): number => parseInt(name.slice(8, 16), 16) * 256 + parseInt(name.slice(16), 16);

/** The segment or history that a name in the place stands for, with its proof; null for another name. */
export function readName(file: string): { name: string; proof: string } | null {
	const [, name, proof] = /^([0-9A-F]{24}|[0-9A-F]{8}\.history)-([0-9a-f]{32})\.age$/.exec(file) ?? [];
	return name && proof ? { name, proof } : null;
}

/** The same as text: the numbers as a name on a timeline. */
export const segmentName = (timeline: string, number: number): string => {
	const part = (value: number) => value.toString(16).toUpperCase().padStart(8, '0');
	return timeline + part(Math.floor(number / 256)) + part(number % 256);
};

/** The segments from one on, without a gap, and the name of the first that is missing although later ones are there. */
export function contiguous(names: readonly string[], start: string): { names: string[]; gap: string | null } {
	const from = numberOf(start);
	const later = names.filter((name) => isSegment(name) && numberOf(name) >= from);
	const numbers = new Set(later.map(numberOf));
	let next = from;
	while (numbers.has(next)) next += 1;
	const isGap = [...numbers].some((number) => number > next);
	return {
		names: later.filter((name) => numberOf(name) < next).sort(),
		gap: isGap ? segmentName(start.slice(0, 8), next) : null
	};
}
