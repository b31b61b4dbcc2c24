import { momentAt, roomsMoved, snap, snapToGap, type Span } from './board.ts';
import type { BoardEntry, BuilderSession, When } from './builder.ts';

/** What is dragged: a time on the board, by its body or its lower edge, a session without a time, or an empty place. */
export type Held =
	| { kind: 'move' | 'resize'; entry: BoardEntry; column: number }
	| { kind: 'new'; session: BuilderSession }
	| { kind: 'create' };

/** The board's interface for dragging. */
interface Surface {
	span: Span;
	rooms: readonly string[];
	entries: readonly BoardEntry[];
	/** Pixels per minute. */
	scale: number;
	/** The element that contains the times. */
	element: HTMLElement;
}

const minute = 60_000;

/** One drag by mouse or pen, from the press to the drop. */
export class Dragging {
	held = $state.raw<Held | null>(null);
	/** Where it would be dropped; null outside the board. */
	to = $state.raw<When | null>(null);
	#begin = { x: 0, y: 0, grip: 0 };
	#started = false;
	#surface: () => Surface | null;
	#drop: (held: Held, to: When) => void;

	constructor(surface: () => Surface | null, drop: (held: Held, to: When) => void) {
		this.#surface = surface;
		this.#drop = drop;
	}

	/** Starts with a press; a finger scrolls instead, and opens the card. */
	press(event: PointerEvent, held: Held): void {
		const surface = this.#surface();
		if (!surface || event.button !== 0 || event.pointerType === 'touch') return;
		const top = surface.element.getBoundingClientRect().top;
		const minutes = (event.clientY - top) / surface.scale;
		const grip = 'entry' in held ? minutes - (held.entry.start - surface.span.start) / minute : 0;
		this.#begin = { x: event.clientX, y: event.clientY, grip };
		this.#started = false;
		const move = (next: PointerEvent) => this.#move(next, held);
		const end = (last: Event) => {
			window.removeEventListener('pointermove', move);
			window.removeEventListener('pointerup', end);
			window.removeEventListener('pointercancel', end);
			window.removeEventListener('keydown', escape, true);
			const [dropped, to] = [this.held, this.to];
			this.held = null;
			this.to = null;
			if (this.#started) suppressClick();
			if (last.type === 'pointerup' && dropped && to) this.#drop(dropped, to);
		};
		const escape = (key: KeyboardEvent) => {
			if (key.key === 'Escape') end(key);
		};
		window.addEventListener('pointermove', move);
		window.addEventListener('pointerup', end);
		window.addEventListener('pointercancel', end);
		window.addEventListener('keydown', escape, true);
	}

	#move(event: PointerEvent, held: Held) {
		const surface = this.#surface();
		if (!surface) return;
		const far = Math.hypot(event.clientX - this.#begin.x, event.clientY - this.#begin.y);
		if (!this.#started && far < 5) return;
		this.#started = true;
		this.held = held;
		const to = this.#target(event, held, surface);
		const own = 'entry' in held ? [held.entry.placement.slot] : [];
		// With Alt it keeps to the grid alone.
		this.to = to && !event.altKey ? snapToGap(surface.entries, to, own, isEdge(held)) : to;
	}

	#target(event: PointerEvent, held: Held, { element, span, rooms, scale }: Surface): When | null {
		const box = element.getBoundingClientRect();
		const isRtl = getComputedStyle(element).direction === 'rtl';
		const across = (isRtl ? box.right - event.clientX : event.clientX - box.left) / box.width;
		if (across < 0 || across >= 1) return null;
		const column = Math.floor(across * rooms.length);
		const minutes = (event.clientY - box.top) / scale;
		if (held.kind === 'create') return this.#created(minutes, { element, span, rooms, scale, entries: [] });
		if (held.kind === 'resize') {
			const { placement, start } = held.entry;
			const end = Math.max(momentAt(minutes, span), start + snap * minute);
			return { start: placement.start, end: iso(end), rooms: placement.rooms };
		}
		if (event.clientY < box.top || event.clientY > box.bottom) return null;
		const length = held.kind === 'new' ? held.session.minutes * minute : held.entry.end - held.entry.start;
		const start = Math.max(span.start, momentAt(minutes - this.#begin.grip, span));
		const room = rooms[column];
		if (held.kind === 'new') return room ? { start: iso(start), end: iso(start + length), rooms: [room] } : null;
		const moved = roomsMoved(held.entry.placement.rooms, rooms, column + 1 - held.column);
		return { start: iso(start), end: iso(start + length), rooms: moved };
	}

	// From the press down or up to the pointer, in the room of the press.
	#created(minutes: number, { element, span, rooms, scale }: Surface): When | null {
		const box = element.getBoundingClientRect();
		const room = roomAt(this.#begin.x, element, rooms);
		const [from, until] = [(this.#begin.y - box.top) / scale, minutes].sort((one, other) => one - other);
		if (!room || from === undefined || until === undefined) return null;
		const start = Math.max(span.start, momentAt(from, span));
		const end = Math.min(span.end, Math.max(momentAt(until, span), start + snap * minute));
		return { start: iso(start), end: iso(end), rooms: [room] };
	}
}

/** The room of the column under a point of the board. */
export function roomAt(x: number, element: HTMLElement, rooms: readonly string[]): string | undefined {
	const box = element.getBoundingClientRect();
	const isRtl = getComputedStyle(element).direction === 'rtl';
	return rooms[Math.floor(((isRtl ? box.right - x : x - box.left) / box.width) * rooms.length)];
}

const isEdge = (held: Held) => held.kind === 'resize' || held.kind === 'create';

const iso = (at: number) => new Date(at).toISOString();

// The click that ends a drag would otherwise follow the link of the card.
function suppressClick() {
	const stop = (event: Event) => {
		event.preventDefault();
		event.stopPropagation();
	};
	window.addEventListener('click', stop, { capture: true, once: true });
	setTimeout(() => window.removeEventListener('click', stop, true), 50);
}
