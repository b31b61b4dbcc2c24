import type { TextMap } from '#lib/i18n/locale.ts';
import type { DraftSlot } from '#lib/agenda/draft.ts';
import type { Level } from '#lib/ui/level.ts';

/** A session as the builder shows it. */
export interface BuilderSession {
	id: string;
	code: string;
	title: TextMap;
	level: Level;
	state: 'draft' | 'confirmed' | 'cancelled';
	/** Slugs. */
	track: string | null;
	format: string | null;
	/** The length of its format; an hour without one. */
	minutes: number;
	is_break: boolean;
	attendance: 'hall_and_online' | 'hall' | 'online';
	spoken: string[];
	interpreted: string[];
	slots: DraftSlot[];
}

/** A time in the draft: of a session, or one that blocks rooms without a session. Instants in ISO UTC, rooms by slug. */
export interface Placement {
	slot: string;
	session: string | null;
	block_reason: string | null;
	start: string;
	end: string;
	rooms: string[];
}

/** The whole draft, as `read_agenda_builder` returns it. */
export interface Builder {
	release: { number: number; released_at: string } | null;
	/** How many sessions the next release would add, change or remove. */
	changes: number;
	/** How many of the reader's own acts can be undone, and redone. */
	undo: number;
	redo: number;
	sessions: BuilderSession[];
	blocks: Placement[];
}

/** One change by an organiser; `seen` is the time as they saw it, `times` how many times a session had. */
export type Change =
	| { slot: string; seen: When; start: string; end: string; rooms: string[]; block_reason?: string }
	| { slot: string; seen: When; remove: true }
	| { session: string; times: number; start: string; end: string; rooms: string[] }
	| { block_reason: string; start: string; end: string; rooms: string[] };

/** When and where. */
export type When = Pick<Placement, 'start' | 'end' | 'rooms'>;

/** Whether two are the same time and rooms, in any notation. */
export function isSameWhen(one: When, other: When): boolean {
	return (
		Date.parse(one.start) === Date.parse(other.start) &&
		Date.parse(one.end) === Date.parse(other.end) &&
		one.rooms.toSorted().join() === other.rooms.toSorted().join()
	);
}

/** The answer to a change. */
export interface Answer {
	status:
		| 'ok'
		| 'nothing'
		| 'not_allowed'
		| 'unknown'
		| 'cancelled'
		| 'invalid'
		| 'changed_meanwhile'
		| 'room_taken'
		| 'lost';
	/** Which change was refused. */
	at?: number;
	/** The present value; null when it was removed meanwhile. */
	now?: Placement | null;
	/** What occupies the room; no title where the reader may not see the session. */
	by?: { title: TextMap | null; block_reason: string | null; start: string; end: string; rooms: string[] }[];
}

/** A time on the board, with its session (null: it only blocks the room). Milliseconds. */
export interface BoardEntry {
	placement: Placement;
	session: BuilderSession | null;
	start: number;
	end: number;
}

/** Every time of the draft. */
export function entriesOf(builder: Pick<Builder, 'sessions' | 'blocks'>): BoardEntry[] {
	const placed = builder.sessions.flatMap((session) =>
		session.slots.map(({ id, start, end, rooms }) => ({
			session,
			placement: { slot: id, session: session.id, block_reason: null, start, end, rooms }
		}))
	);
	const held = builder.blocks.map((placement) => ({ session: null, placement }));
	return [...placed, ...held].map((entry) => ({
		...entry,
		start: Date.parse(entry.placement.start),
		end: Date.parse(entry.placement.end)
	}));
}

/** What else occupies one of the rooms at that time. */
export function takersOf(entries: readonly BoardEntry[], wish: When, except: string | null): BoardEntry[] {
	const [start, end] = [Date.parse(wish.start), Date.parse(wish.end)];
	return entries.filter(
		({ placement, ...entry }) =>
			placement.slot !== except &&
			entry.start < end &&
			start < entry.end &&
			placement.rooms.some((room) => wish.rooms.includes(room))
	);
}
