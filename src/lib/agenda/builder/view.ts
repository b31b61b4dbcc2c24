import { compareNames } from '#lib/i18n/list.ts';
import { text } from '#lib/i18n/locale.ts';
import { dayKey } from '#lib/i18n/time.ts';
import type { Summit } from '#lib/summits/summit.ts';
import { boardDays, hoursOf, spanOf, type Span } from './board.ts';
import { boardEntriesOf, type BoardEntry, type Builder, type BuilderSession } from './builder.ts';

/** Pixels per hour, from small to large zoom. */
export const zooms = [48, 72, 96, 144, 240] as const;
const states = ['draft', 'confirmed'] as const;
/** The orders of the list; `code` is the order in which sessions were made known. */
export const sorts = ['code', 'title', 'marks', 'minutes'] as const;
type Sort = (typeof sorts)[number];

/** The options of a board in an address. */
export interface BoardOptions {
	day: string | null;
	/** An index of `zooms`. */
	zoom: number;
	whole: boolean;
	query: string;
	track: string;
	format: string;
	state: string;
	/** Also list sessions with a time. */
	timed: boolean;
	sort: Sort;
}

/** One day of the draft, and the sessions to place. */
export interface BoardView {
	options: BoardOptions;
	day: string;
	days: { day: string; count: number }[];
	span: Span;
	hours: number[];
	entries: BoardEntry[];
	/** The sessions that the filters leave out on the board; none without filters. */
	dimmed: string[];
	/** How many filters are set, without the search. */
	filters: number;
	/** Sessions that match the filters, at most `most`. */
	listed: BuilderSession[];
	count: number;
}

/** The maximum of sessions in the list beside the board. */
export const most = 60;

/** Reads an address. */
export function boardOptionsOf(search: URLSearchParams): BoardOptions {
	const asked = (name: string) => (search.get(name) ?? '').trim().slice(0, 100);
	const zoom = Number(asked('zoom') || 2);
	return {
		day: /^\d{4}-\d\d-\d\d$/.test(asked('day')) ? asked('day') : null,
		zoom: zooms[zoom] === undefined ? 2 : zoom,
		whole: asked('hours') === 'all',
		query: asked('q'),
		track: asked('track'),
		format: asked('format'),
		state: states.some((state) => state === asked('state')) ? asked('state') : '',
		timed: asked('timed') === 'yes',
		sort: sorts.find((sort) => sort === asked('sort')) ?? 'code'
	};
}

/** The address of a board, without defaults. */
export function builderAddress(options: BoardOptions, change: Partial<BoardOptions> = {}): string {
	const { day, zoom, whole, query, track, format, state, timed, sort } = { ...options, ...change };
	const entries = {
		day: day ?? '',
		zoom: zoom === 2 ? '' : String(zoom),
		hours: whole ? 'all' : '',
		q: query,
		track,
		format,
		state,
		timed: timed ? 'yes' : '',
		sort: sort === 'code' ? '' : sort
	};
	return `?${new URLSearchParams(Object.entries(entries).filter(([, value]) => value !== ''))}`;
}

/** The board of the requested day, else the first. */
export function viewOf(
	builder: Builder,
	summit: Pick<Summit, 'starts_on' | 'ends_on' | 'zone' | 'rooms'>,
	options: BoardOptions
): BoardView {
	const all = boardEntriesOf(builder);
	const { zone } = summit;
	const days = boardDays(
		summit,
		all.map(({ start }) => start)
	);
	const day =
		options.day !== null && days.includes(options.day)
			? options.day
			: (days.find((one) => one >= summit.starts_on) ?? '');
	const span = spanOf(day, zone, all, options.whole);
	const starts = new Map<string, number>();
	for (const { start } of all) {
		const key = dayKey(start, zone);
		starts.set(key, (starts.get(key) ?? 0) + 1);
	}
	const listed = builder.sessions
		.filter((session) => isListed(session, options))
		.sort((one, other) => order[options.sort](one, other));
	const entries = all.filter((entry) => entry.start < span.end && entry.end > span.start);
	return {
		options,
		day,
		days: days.map((one) => ({ day: one, count: starts.get(one) ?? 0 })),
		span,
		hours: hoursOf(span, zone),
		entries,
		dimmed: entries.flatMap(({ session }) => (session && !matches(session, options) ? session.id : [])),
		filters: [options.track, options.format, options.state].filter(Boolean).length,
		listed: listed.slice(0, most),
		count: listed.length
	};
}

const order: Record<Sort, (one: BuilderSession, other: BuilderSession) => number> = {
	code: () => 0,
	title: (one, other) => compareNames(text(one.title).text, text(other.title).text),
	marks: (one, other) => other.marks - one.marks,
	minutes: (one, other) => other.minutes - one.minutes
};

function isListed(session: BuilderSession, options: BoardOptions): boolean {
	return session.state !== 'cancelled' && (options.timed || session.slots.length === 0) && matches(session, options);
}

function matches(session: BuilderSession, { query, track, format, state }: BoardOptions): boolean {
	if (track !== '' && session.track !== track) return false;
	if (format !== '' && session.format !== format) return false;
	if (state !== '' && session.state !== state) return false;
	const words = query.toLocaleLowerCase().split(/\s+/).filter(Boolean);
	const names = session.people.map(({ name }) => name);
	const searched = [session.code, ...Object.values(session.title), ...names].join(' ').toLocaleLowerCase();
	return words.every((word) => searched.includes(word));
}
