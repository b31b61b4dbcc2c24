import { dayKey } from '#lib/i18n/time.ts';
import type { Summit } from '#lib/summits/summit.ts';
import { boardDays, hoursOf, spanOf, type Span } from './board.ts';
import { boardEntriesOf, type BoardEntry, type Builder, type BuilderSession } from './builder.ts';

/** Pixels per hour, from small to large zoom. */
export const zooms = [48, 72, 96, 144, 240] as const;
const states = ['draft', 'confirmed'] as const;

/** The options of a board in an address. */
interface BoardOptions {
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
}

/** One day of the draft, and the sessions to place. */
export interface BoardView {
	options: BoardOptions;
	day: string;
	days: { day: string; count: number }[];
	span: Span;
	hours: number[];
	entries: BoardEntry[];
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
		timed: asked('timed') === 'yes'
	};
}

/** The address of a board, without defaults. */
export function builderAddress(options: BoardOptions, change: Partial<BoardOptions> = {}): string {
	const { day, zoom, whole, query, track, format, state, timed } = { ...options, ...change };
	const entries = {
		day: day ?? '',
		zoom: zoom === 2 ? '' : String(zoom),
		hours: whole ? 'all' : '',
		q: query,
		track,
		format,
		state,
		timed: timed ? 'yes' : ''
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
	const listed = builder.sessions.filter((session) => isListed(session, options));
	return {
		options,
		day,
		days: days.map((one) => ({ day: one, count: starts.get(one) ?? 0 })),
		span,
		hours: hoursOf(span, zone),
		entries: all.filter((entry) => entry.start < span.end && entry.end > span.start),
		listed: listed.slice(0, most),
		count: listed.length
	};
}

function isListed(session: BuilderSession, { query, track, format, state, timed }: BoardOptions): boolean {
	if (session.state === 'cancelled' || (!timed && session.slots.length > 0)) return false;
	if (track !== '' && session.track !== track) return false;
	if (format !== '' && session.format !== format) return false;
	if (state !== '' && session.state !== state) return false;
	const words = query.toLocaleLowerCase().split(/\s+/).filter(Boolean);
	const searched = [session.code, ...Object.values(session.title)].join(' ').toLocaleLowerCase();
	return words.every((word) => searched.includes(word));
}
