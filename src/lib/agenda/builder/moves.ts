/* What becomes of a change of the board: several times moved at once, and the ways out of a refused one. No I/O. */
import { nearestFree, roomsMoved, type Span } from './board.ts';
import { conflictsOf, type BoardEntry, type Change, type When } from './builder.ts';
import type { Refused } from './building.svelte.ts';

/** Where another chosen time goes when the one that is held goes to `to`: as much later, and as many rooms on. */
export function movedAlong(held: BoardEntry, to: When, other: BoardEntry, rooms: readonly string[]): When {
	const later = Date.parse(to.start) - held.start;
	const column = (slugs: readonly string[]) => Math.min(...slugs.map((slug) => rooms.indexOf(slug)));
	return {
		start: new Date(other.start + later).toISOString(),
		end: new Date(other.end + later).toISOString(),
		rooms: roomsMoved(other.placement.rooms, rooms, column(to.rooms) - column(held.placement.rooms))
	};
}

/** The moves of one time and of those that are chosen with it. */
export function movesTogether(
	held: BoardEntry,
	to: When,
	chosen: readonly BoardEntry[],
	rooms: readonly string[]
): { entry: BoardEntry; to: When }[] {
	const slot = held.placement.slot;
	if (!chosen.some(({ placement }) => placement.slot === slot)) return [{ entry: held, to }];
	return chosen.map((entry) => ({
		entry,
		to: entry.placement.slot === slot ? to : movedAlong(held, to, entry, rooms)
	}));
}

/** What is in the way of moves, apart from what moves itself. */
export function inTheWay(
	entries: readonly BoardEntry[],
	moves: readonly { entry: BoardEntry; to: When }[]
): BoardEntry[] {
	const moving = new Set(moves.map(({ entry }) => entry.placement.slot));
	const others = entries.filter(({ placement }) => !moving.has(placement.slot));
	return [...new Set(moves.flatMap(({ to }) => conflictsOf(others, to, null)))];
}

/** The one time that was refused because of its room; null for anything else. */
function takenOf({ answer, changes }: Refused): (Change & When) | null {
	const [change] = changes;
	if (answer.status !== 'room_taken' || changes.length !== 1 || !change || 'remove' in change) return null;
	return change;
}

/** The same change at the nearest time at which its room is free on this day. */
export function nearestOf(refused: Refused, entries: readonly BoardEntry[], span: Span): (Change & When) | null {
	const change = takenOf(refused);
	if (!change) return null;
	const free = nearestFree(entries, change, 'slot' in change ? [change.slot] : [], span);
	return free && { ...change, ...free };
}

/** A session dropped on another one: the two may swap places, each keeping its length. */
export function swapOf(refused: Refused, entries: readonly BoardEntry[]): Change[] | null {
	const change = takenOf(refused);
	if (!change || !('slot' in change)) return null;
	const mine = entries.find(({ placement }) => placement.slot === change.slot);
	const [other, ...more] = conflictsOf(entries, change, change.slot);
	if (!mine || !other || more.length > 0) return null;
	return [swapped(mine, other), swapped(other, mine)];
}

function swapped(entry: BoardEntry, { placement: there }: BoardEntry): Change {
	const end = new Date(Date.parse(there.start) + entry.end - entry.start).toISOString();
	return { slot: entry.placement.slot, seen: entry.placement, start: there.start, end, rooms: there.rooms };
}
