import { offsetMinutes, dayKey } from '#lib/i18n/time.ts';
import { daysOf, entriesOn, openingDay } from './days.ts';
import { matching, type Filters } from './filters.ts';
import { gridOf, type Grid } from './grid.ts';
import { nowAndNext, startRowsOf, type NowAndNext, type StartRow } from './now.ts';
import type { Place } from './place.ts';
import { entriesOf, type Agenda, type Entry, type Session } from './session.ts';

/** The content of a page of the agenda. */
export interface AgendaView {
	/** Every day of the agenda, and the open one. */
	days: string[];
	day: string | null;
	isToday: boolean;
	/** A search covers every day. */
	searching: boolean;
	/** Sessions that are shown, breaks not counted. */
	count: number;
	shown: { day: string; rows: StartRow[] }[];
	/** Days with matches, when the open day has none. */
	elsewhere: { day: string; count: number }[];
	grid: Grid | null;
	/** Only on the day itself, and while it matches the filters. */
	nowNext: NowAndNext | null;
}

interface Given {
	agenda: Agenda;
	filters: Filters;
	place: Place;
	mine: ReadonlySet<string> | null;
	now: number;
	rooms: readonly string[];
}

const leans = new WeakMap<Session, Session>();

// Fields that lists and grids do not show are dropped: an agenda is mostly abstracts.
function lean(session: Session): Session {
	const known = leans.get(session) ?? { ...session, abstract: {}, people: [] };
	leans.set(session, known);
	return known;
}

function counted(entries: readonly Entry[]): number {
	return new Set(entries.filter((entry) => !entry.session.is_break).map((entry) => entry.session.id)).size;
}

/** Whether the grid is shown, alone or where there is room for it: who is signed in marks sessions in the list. */
export function showsGrid({ view }: Filters, mine: ReadonlySet<string> | null): boolean {
	return view === 'grid' || (view === 'auto' && mine === null);
}

/** Chooses the day, filters the sessions and lays them out. */
export function agendaView({ agenda, filters, place, mine, now, rooms }: Given): AgendaView {
	const { zone } = place;
	const everything = entriesOf(agenda.sessions.map(lean));
	const days = daysOf(everything, zone);
	const day = openingDay(days, filters.day, now, zone);
	const fitting = entriesOf(
		matching(agenda.sessions, filters, { roomNames: place.roomNames, mine: mine ?? new Set() }).map(lean)
	);
	const searching = filters.query !== '' && filters.view !== 'grid';
	const open = searching ? daysOf(fitting, zone) : day === null ? [] : [day];
	const shown = open
		.map((key) => ({ day: key, entries: entriesOn(fitting, key, zone) }))
		.filter(({ entries }) => entries.length > 0);
	const isToday = day !== null && dayKey(now, zone) === day;
	const today = day === null ? [] : entriesOn(everything, day, zone);
	const first = shown[0]?.entries ?? [];
	return {
		days,
		day,
		isToday,
		searching,
		count: counted(shown.flatMap(({ entries }) => entries)),
		shown: shown.map(({ day: key, entries }) => ({ day: key, rows: startRowsOf(entries, now) })),
		elsewhere:
			shown.length > 0
				? []
				: days
						.map((key) => ({ day: key, count: counted(entriesOn(fitting, key, zone)) }))
						.filter(({ count }) => count > 0),
		grid:
			showsGrid(filters, mine) && !searching && first.length > 0
				? gridOf(first, rooms, offsetMinutes(first[0]?.start ?? now, zone), today)
				: null,
		nowNext: isToday && !searching ? nowAndNext(today, now) : null
	};
}
