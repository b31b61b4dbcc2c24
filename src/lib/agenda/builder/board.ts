import { runsOf } from '#lib/agenda/grid.ts';
import { addDays, dayKey, offsetMinutes } from '#lib/i18n/time.ts';
import { instantOf, startOfDay } from '#lib/summits/local-time.ts';
import type { BoardEntry, When } from './builder.ts';

/** Minutes to which everything on the board snaps. */
export const snap = 5;
const minute = 60_000;
const hour = 60 * minute;

/** The time span of a board, in milliseconds; both ends are full hours of the venue. */
export interface Span {
	start: number;
	end: number;
}

/** A card: columns count from 1, the end is exclusive; minutes are elapsed minutes, so that a day of 23 hours has 23. */
export interface Card {
	entry: BoardEntry;
	column: number;
	columnEnd: number;
	/** From the top of the board. */
	top: number;
	minutes: number;
	/** Started on the previous day. */
	isContinued: boolean;
	/** The first of several cards for one time in separate rooms. */
	isFirst: boolean;
}

/** The start and end of a day at the venue: 23 to 25 hours apart. */
export function dayBounds(day: string, zone: string): Span {
	return { start: startOfDay(day, zone), end: startOfDay(addDays(day, 1), zone) };
}

/** The days of the Summit, and adjacent ones on which something starts. */
export function boardDays(summit: { starts_on: string; ends_on: string; zone: string }, starts: readonly number[]) {
	const days = new Set(starts.map((start) => dayKey(start, summit.zone)));
	for (let day = summit.starts_on; day <= summit.ends_on; day = addDays(day, 1)) days.add(day);
	return [...days].sort();
}

const local = (at: number, zone: string) => at + offsetMinutes(at, zone) * minute;
const hourBefore = (at: number, zone: string) => at - (((local(at, zone) % hour) + hour) % hour);
function hourAfter(at: number, zone: string): number {
	const before = hourBefore(at, zone);
	return before === at ? at : before + hour;
}

/** From eight to eight, and further where sessions are outside; the whole day on request. */
export function spanOf(day: string, zone: string, entries: readonly BoardEntry[], whole = false): Span {
	const bounds = dayBounds(day, zone);
	if (whole) return { start: bounds.start, end: hourAfter(latest(bounds.end, entries, bounds), zone) };
	const [from, to] = ['08:00', '20:00'].map((time) => Date.parse(instantOf(`${day}T${time}`, zone) ?? ''));
	const own = entries.filter((entry) => entry.start >= bounds.start && entry.start < bounds.end);
	const first = Math.min(from ?? bounds.start, ...own.map((entry) => entry.start));
	return { start: hourBefore(first, zone), end: hourAfter(latest(to ?? bounds.end, own, bounds), zone) };
}

function latest(end: number, entries: readonly BoardEntry[], { start, end: over }: Span): number {
	return Math.max(end, ...entries.filter((one) => one.start >= start && one.start < over).map((one) => one.end));
}

/** Each full hour of the venue within the span. */
export function hoursOf(span: Span, zone: string): number[] {
	const hours: number[] = [];
	// Clocks change by quarters of an hour at the least.
	for (let at = span.start; at <= span.end; at += 15 * minute) if (local(at, zone) % hour === 0) hours.push(at);
	return hours;
}

/** The cards within the span, in reading order: by time, then by room. */
export function cardsOf(entries: readonly BoardEntry[], rooms: readonly string[], span: Span): Card[] {
	return entries
		.filter((entry) => entry.start < span.end && entry.end > span.start)
		.flatMap((entry) =>
			runsOf(entry.placement.rooms, rooms).map((run, index) => ({
				entry,
				...run,
				top: Math.max(0, (entry.start - span.start) / minute),
				minutes: (Math.min(entry.end, span.end) - Math.max(entry.start, span.start)) / minute,
				isContinued: entry.start < span.start,
				isFirst: index === 0
			}))
		)
		.sort((a, b) => a.top - b.top || a.column - b.column);
}

/** The moment at so many minutes from the top, snapped to five minutes. */
export function momentAt(minutes: number, span: Span): number {
	return span.start + Math.round(minutes / snap) * snap * minute;
}

/** The rooms of an entry that is dragged by some columns: they move together, and none off the board. */
export function roomsMoved(held: readonly string[], rooms: readonly string[], by: number): string[] {
	const columns = held.map((slug) => rooms.indexOf(slug)).filter((column) => column >= 0);
	const most = Math.max(...columns);
	const least = Math.min(...columns);
	const shift = Math.max(-least, Math.min(by, rooms.length - 1 - most));
	return columns.sort((a, b) => a - b).flatMap((column) => rooms[column + shift] ?? []);
}

export type Direction = 'up' | 'down' | 'left' | 'right';

/** The adjacent card in a direction; null at the edge. Sideways means the nearest in time. */
export function neighbouringCard(cards: readonly Card[], from: Card, direction: Direction): Card | null {
	const aside = direction === 'left' ? -1 : 1;
	const isBeyond = (card: Card) => {
		if (direction === 'up') return card.top < from.top;
		if (direction === 'down') return card.top > from.top;
		return aside * (card.column - from.column) > 0;
	};
	const distance = (card: Card) => {
		const [columns, minutes] = [Math.abs(card.column - from.column), Math.abs(card.top - from.top)];
		return direction === 'up' || direction === 'down' ? columns * 1440 + minutes : columns * 1440 * 2 + minutes;
	};
	const beyond = cards.filter((card) => card !== from && card.isFirst && isBeyond(card));
	return beyond.sort((a, b) => distance(a) - distance(b))[0] ?? null;
}

/** How many minutes a drag may miss an edge by and still take it. */
const catches = 10;

/**
 * A dragged time, moved to the nearest edge of what else is in its rooms where it almost touches one, so that it fills a gap exactly: its
 * start to an end, else its end to a start. With `keepStart` only the end moves.
 */
export function snapToGap(
	entries: readonly BoardEntry[],
	when: When,
	except: readonly string[],
	keepStart = false
): When {
	const [start, end] = [Date.parse(when.start), Date.parse(when.end)];
	const near = entries.filter(
		({ placement }) => !except.includes(placement.slot) && placement.rooms.some((room) => when.rooms.includes(room))
	);
	const nearest = (at: number, edges: number[]) =>
		edges
			.filter((edge) => Math.abs(edge - at) <= catches * minute)
			.sort((one, other) => Math.abs(one - at) - Math.abs(other - at))[0];
	const before = keepStart
		? undefined
		: nearest(
				start,
				near.map((entry) => entry.end)
			);
	const after = nearest(
		end,
		near.map((entry) => entry.start)
	);
	if (before !== undefined) return at(when, before, before + end - start);
	if (after === undefined) return when;
	return at(when, keepStart ? start : after - (end - start), after);
}

/** The free start nearest to a wished time in the same rooms within the span of the board; null when there is none. */
export function nearestFree(
	entries: readonly BoardEntry[],
	when: When,
	except: readonly string[],
	span: Span
): When | null {
	const [start, end] = [Date.parse(when.start), Date.parse(when.end)];
	const length = end - start;
	const there = entries.filter(
		({ placement }) => !except.includes(placement.slot) && placement.rooms.some((room) => when.rooms.includes(room))
	);
	const isFree = (from: number) =>
		from >= span.start &&
		from + length <= span.end &&
		!there.some((one) => one.start < from + length && from < one.end);
	// The nearest is the wished time, or touches something.
	const starts = [start, ...there.flatMap((one) => [one.end, one.start - length])].filter(isFree);
	const [best] = starts.sort((one, other) => Math.abs(one - start) - Math.abs(other - start));
	return best === undefined ? null : at(when, best, best + length);
}

const at = (when: When, start: number, end: number): When => ({
	start: new Date(start).toISOString(),
	end: new Date(end).toISOString(),
	rooms: when.rooms
});

/** A new place at a point of the board: the quarter of an hour there, an hour long or as long as the gap is. */
export function placeAt(entries: readonly BoardEntry[], moment: number, room: string, span: Span): When {
	const quarter = 15 * minute;
	const there = entries.filter(({ placement }) => placement.rooms.includes(room));
	const ends = there.map(({ end }) => end).filter((end) => end <= moment);
	const floor = span.start + Math.floor((moment - span.start) / quarter) * quarter;
	const start = Math.max(floor, ...ends);
	const next = Math.min(...there.map((entry) => entry.start).filter((one) => one > moment), Infinity);
	const end = Math.min(start + hour, next);
	return { start: new Date(start).toISOString(), end: new Date(end).toISOString(), rooms: [room] };
}
