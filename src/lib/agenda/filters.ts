import type { TextMap } from '#lib/i18n/locale.ts';
import { findsAll, textsOf, queryWords } from './search.ts';
import type { Level, Session } from './session.ts';

/** The layout of the agenda; `auto` is the grid where there is room for it, else the list. */
type View = 'auto' | 'list' | 'grid';
const views: readonly View[] = ['list', 'grid'];

/** The filters and options in an address of the agenda. Lists mean "one of". */
export interface Filters {
	day: string | null;
	track: string[];
	format: string[];
	room: string[];
	language: string[];
	mode: ('hall' | 'online')[];
	level: Level[];
	query: string;
	mine: boolean;
	view: View;
	zone: string | null;
}

/** The filters that narrow what is shown, in the order of the form. */
export const narrowing = ['language', 'mode', 'level', 'track', 'format', 'room'] as const;

export type Narrowing = (typeof narrowing)[number];

const levels: readonly Level[] = ['public', 'members', 'chatham_house', 'closed'];
const modes = ['hall', 'online'] as const;
const slug = /^[a-z0-9][a-z0-9-]{0,39}$/;
const tag = /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i;

function all(parameters: URLSearchParams, name: string, fits: (value: string) => boolean): string[] {
	return [...new Set(parameters.getAll(name))].filter(fits).slice(0, 20);
}

/** Reads an address. Invalid values are ignored; the page checks the zone. */
export function agendaFiltersFrom(parameters: URLSearchParams): Filters {
	const day = parameters.get('day');
	return {
		day: day !== null && /^\d{4}-\d\d-\d\d$/.test(day) ? day : null,
		track: all(parameters, 'track', (value) => slug.test(value)),
		format: all(parameters, 'format', (value) => slug.test(value)),
		room: all(parameters, 'room', (value) => slug.test(value)),
		language: all(parameters, 'language', (value) => tag.test(value)),
		mode: modes.filter((mode) => parameters.getAll('mode').includes(mode)),
		level: levels.filter((level) => parameters.getAll('level').includes(level)),
		query: (parameters.get('q') ?? '').trim().slice(0, 80),
		mine: parameters.get('mine') === '1',
		view: views.find((view) => view === parameters.get('view')) ?? 'auto',
		zone: parameters.get('zone')?.trim() || null
	};
}

/** The query string for the same filters, in one order, without defaults: "" or "?…". */
export function agendaAddress(filters: Filters, change: Partial<Filters> = {}): string {
	const asked = { ...filters, ...change };
	const parameters = new URLSearchParams();
	if (asked.day) parameters.set('day', asked.day);
	for (const name of narrowing) for (const value of asked[name]) parameters.append(name, value);
	if (asked.query) parameters.set('q', asked.query);
	if (asked.mine) parameters.set('mine', '1');
	if (asked.view !== 'auto') parameters.set('view', asked.view);
	if (asked.zone) parameters.set('zone', asked.zone);
	const query = parameters.toString().replaceAll('%2F', '/');
	return query === '' ? '' : `?${query}`;
}

/** The same address without filters. */
export function cleared(filters: Filters): Filters {
	return { ...filters, track: [], format: [], room: [], language: [], mode: [], level: [], query: '', mine: false };
}

/** How many filters are set. */
export function countSet(filters: Filters): number {
	return (
		narrowing.filter((name) => filters[name].length > 0).length + Number(filters.query !== '') + Number(filters.mine)
	);
}

function base(language: string): string {
	return language.toLowerCase().split('-')[0] ?? language;
}

// English answers for en-GB; a language counts whether it is spoken or interpreted.
function hasLanguage(session: Session, languages: readonly string[]): boolean {
	const offered = [...session.spoken, ...session.interpreted].map(base);
	return languages.some((language) => offered.includes(base(language)));
}

/** Whether a session can be followed in one of the modes. */
function allows(session: Session, asked: readonly ('hall' | 'online')[]): boolean {
	return asked.some((mode) => session.attendance === 'hall_and_online' || session.attendance === mode);
}

function oneOf(asked: readonly string[], value: string | null): boolean {
	return asked.length === 0 || (value !== null && asked.includes(value));
}

/** Keeps the sessions that match the filters. Breaks stay only without filters: they have no track and nobody searches for them. */
export function matching(
	sessions: readonly Session[],
	filters: Filters,
	context: { roomNames: ReadonlyMap<string, TextMap>; mine: ReadonlySet<string> }
): Session[] {
	const words = queryWords(filters.query);
	const free = countSet(filters) === 0;
	return sessions.filter((session) => {
		if (session.is_break) return free;
		return (
			oneOf(filters.track, session.track_slug) &&
			oneOf(filters.format, session.format_slug) &&
			oneOf(filters.level, session.level) &&
			(filters.room.length === 0 ||
				session.slots.some((slot) => slot.rooms.some((room) => filters.room.includes(room)))) &&
			(filters.language.length === 0 || hasLanguage(session, filters.language)) &&
			(filters.mode.length === 0 || allows(session, filters.mode)) &&
			(!filters.mine || context.mine.has(session.id)) &&
			findsAll(words, textsOf(session, context.roomNames))
		);
	});
}

/** The languages that are spoken or interpreted anywhere, in the order of a Summit's own list. */
export function languagesOf(sessions: readonly Session[], order: readonly string[]): string[] {
	const found = new Set(sessions.flatMap((session) => [...session.spoken, ...session.interpreted]));
	return [
		...order.filter((language) => found.has(language)),
		...[...found].filter((language) => !order.includes(language)).sort()
	];
}
