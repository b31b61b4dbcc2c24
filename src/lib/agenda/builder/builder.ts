import type {
	Builder,
	BuilderSession,
	Placement,
	PlacementsChanged,
	PlacementStepped
} from '#lib/database/answers/agenda/builder.ts';

export type { Builder, BuilderSession, Placement } from '#lib/database/answers/agenda/builder.ts';

/** The answer to a change, done or undone; `lost`: none came. */
export type DraftAnswer = PlacementsChanged | PlacementStepped | { status: 'lost' };

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

/** A time on the board, with its session (null: it only blocks the room). Milliseconds. */
export interface BoardEntry {
	placement: Placement;
	session: BuilderSession | null;
	start: number;
	end: number;
}

/** Every time of the draft. */
export function boardEntriesOf(builder: Pick<Builder, 'sessions' | 'blocks'>): BoardEntry[] {
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
export function conflictsOf(entries: readonly BoardEntry[], when: When, except: string | null): BoardEntry[] {
	const [start, end] = [Date.parse(when.start), Date.parse(when.end)];
	return entries.filter(
		({ placement, ...entry }) =>
			placement.slot !== except &&
			entry.start < end &&
			start < entry.end &&
			placement.rooms.some((room) => when.rooms.includes(room))
	);
}
