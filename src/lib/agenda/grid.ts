import type { Entry } from './session.ts';

/** The position of an entry: columns and rows count from 1, ends are exclusive, as CSS grid lines are. */
export interface Placed {
	entry: Entry;
	column: number;
	columnEnd: number;
	row: number;
	rowEnd: number;
	/** Overlapping entries of one column are side by side: this one's position, and their number. */
	position: number;
	overlapping: number;
	/** Spans every room: a plenary or a break. */
	isBand: boolean;
}

/** A day as a table of rooms and time. */
export interface Grid {
	/** Slugs of the rooms that are used, in their order. */
	rooms: string[];
	/** Milliseconds of the first and last line. */
	start: number;
	end: number;
	/** Rows of so many minutes. */
	step: number;
	rows: number;
	placed: Placed[];
	/** Each full hour between start and end. */
	hours: number[];
	/** The hours in which nothing is: they are drawn short. */
	folded: number[];
}

const step = 5;
const minute = 60_000;
const hour = 60 * minute;

/** The height of an hour in which nothing is, in minutes. */
const foldedMinutes = 15;

// Minutes from the first line down to a moment, with short hours where nothing is.
function depthOf(moment: number, start: number, folded: readonly number[]): number {
	const spared = folded.reduce((sum, from) => sum + Math.min(Math.max(moment - from, 0), hour), 0);
	return (moment - start - spared * (1 - foldedMinutes / 60)) / minute;
}

/** How far down the grid a moment is: 0 at the first line, 1 at the last. */
export function fractionAt(moment: number, { start, end, folded }: Pick<Grid, 'start' | 'end' | 'folded'>): number {
	if (moment < start) return -1;
	return depthOf(moment, start, folded) / depthOf(end, start, folded);
}

/** The row in which a moment is, counted from 0. */
export function gridRowOf(moment: number, { start, folded }: Pick<Grid, 'start' | 'folded'>): number {
	return Math.round(depthOf(moment, start, folded) / step);
}

/** Whether the clock of the present time would overlap the text of an hour, just under its line. */
export function hidesHour(hourAt: number, now: number): boolean {
	return now > hourAt - 4 * minute && now < hourAt + 18 * minute;
}

/**
 * Lays out the entries of one day. `offset` is the venue's, in minutes east of UTC, so that lines are on its full hours; `everything` is
 * the whole day: a filter makes no plenary of a session that has others beside it. A plenary is a session alone in the first room; it spans
 * all of them.
 */
export function gridOf(
	entries: readonly Entry[],
	roomOrder: readonly string[],
	offset: number,
	everything: readonly Entry[] = entries
): Grid | null {
	if (entries.length === 0) return null;
	const used = new Set(entries.filter((entry) => !entry.session.is_break).flatMap((entry) => entry.slot.rooms));
	const rooms = roomOrder.filter((slug) => used.has(slug));
	if (rooms.length === 0) return null;
	const shift = offset * minute;
	const start = Math.floor((Math.min(...entries.map((entry) => entry.start)) + shift) / hour) * hour - shift;
	const end = Math.ceil((Math.max(...entries.map((entry) => entry.end)) + shift) / hour) * hour - shift;
	const held = everything.filter((entry) => !entry.session.is_cancelled);
	const alone = (entry: Entry) =>
		!held.some((other) => other.slot !== entry.slot && other.start < entry.end && entry.start < other.end);
	const hours = Array.from({ length: Math.round((end - start) / hour) + 1 }, (_, index) => start + index * hour);
	const folded = hours
		.slice(0, -1)
		.filter((from) => !entries.some((entry) => entry.start < from + hour && from < entry.end));
	const rowAt = (moment: number) => gridRowOf(moment, { start, folded }) + 1;
	const placed = entries.flatMap((entry) => {
		const isPlenary = alone(entry) && entry.slot.rooms.includes(roomOrder[0] ?? '');
		const everywhere = rooms.every((slug) => entry.slot.rooms.includes(slug));
		const isPause = entry.session.is_break && entry.slot.rooms.length !== 1;
		const isBand = rooms.length > 1 && (isPlenary || everywhere || isPause);
		const spans = isBand ? [{ column: 1, columnEnd: rooms.length + 1 }] : runsOf(entry.slot.rooms, rooms);
		return spans.map((span) => ({
			entry,
			...span,
			row: rowAt(entry.start),
			rowEnd: rowAt(entry.end),
			position: 0,
			overlapping: 1,
			isBand
		}));
	});
	return {
		rooms,
		start,
		end,
		step,
		rows: rowAt(end) - 1,
		placed: shareColumns(placed),
		hours,
		folded
	};
}

/** Adjacent rooms become one wide entry, others one entry each. */
export function runsOf(slugs: readonly string[], rooms: readonly string[]): { column: number; columnEnd: number }[] {
	const columns = slugs
		.map((slug) => rooms.indexOf(slug) + 1)
		.filter((column) => column > 0)
		.sort((a, b) => a - b);
	const runs: { column: number; columnEnd: number }[] = [];
	for (const column of columns) {
		const last = runs.at(-1);
		if (last?.columnEnd === column) last.columnEnd = column + 1;
		else runs.push({ column, columnEnd: column + 1 });
	}
	return runs;
}

// A cancelled session can share its room's time with the one that took its place.
function shareColumns(placed: readonly Placed[]): Placed[] {
	const overlaps = (a: Placed, b: Placed) =>
		a.row < b.rowEnd && b.row < a.rowEnd && a.column < b.columnEnd && b.column < a.columnEnd;
	return placed.map((one) => {
		const together = placed.filter((other) => overlaps(one, other));
		return { ...one, position: together.indexOf(one), overlapping: together.length };
	});
}
