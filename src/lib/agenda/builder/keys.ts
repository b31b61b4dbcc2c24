/* What arrow keys do on the board: they select the next card; with Shift they move the card, with Alt they change its length. */
import { roomsMoved, snap, type Card, type Direction } from './board.ts';
import type { When } from './builder.ts';

const arrows: Record<string, Direction> = {
	ArrowUp: 'up',
	ArrowDown: 'down',
	ArrowLeft: 'left',
	ArrowRight: 'right'
};

/** The direction of a key as it is seen; null for any other key, and for a shortcut of the browser. */
export function directionOf(event: KeyboardEvent, isRtl: boolean): Direction | null {
	const arrow = arrows[event.key];
	if (!arrow || event.ctrlKey || event.metaKey) return null;
	const mirrored: Partial<Record<Direction, Direction>> = isRtl ? { left: 'right', right: 'left' } : {};
	return mirrored[arrow] ?? arrow;
}

/** Where a key moves a card, or ends it; null where it cannot. */
export function nudgedTo(
	{ entry }: Card,
	direction: Direction,
	isLength: boolean,
	rooms: readonly string[]
): When | null {
	const steps = { up: -1, down: 1, left: 0, right: 0 }[direction] * snap * 60_000;
	const aside = { up: 0, down: 0, left: -1, right: 1 }[direction];
	const start = entry.start + (isLength ? 0 : steps);
	const end = entry.end + steps;
	if (end <= start || (isLength && aside !== 0)) return null;
	return {
		start: new Date(start).toISOString(),
		end: new Date(end).toISOString(),
		rooms: aside === 0 ? entry.placement.rooms : roomsMoved(entry.placement.rooms, rooms, aside)
	};
}
