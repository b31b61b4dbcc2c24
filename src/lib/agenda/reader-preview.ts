/* The preview of the draft as a chosen reader: who is chosen, in an address, and what is shown. No I/O. */
import type { AnswerOf } from '#lib/database/calls.ts';
import { isId } from '#lib/forms/ids.ts';
import { sectors, type Sector } from '#lib/members/member.ts';
import { categories, modes, type Mode } from '#lib/registration/registration.ts';
import type { Room } from '#lib/summits/summit.ts';
import { entryReason } from './entry.ts';
import { agendaFiltersFrom } from './filters.ts';
import type { Place } from './place.ts';
import type { Session } from './session.ts';
import { agendaView, type AgendaView } from './view.ts';

type PreviewedSession = Extract<AnswerOf<'preview_draft'>, { status: 'ok' }>['sessions'][number];

/** What an address chooses. */
export interface ReaderPreviewQuery {
	/** `visitor`, `registered`, `member:` or `person:` with an id. */
	reader: string;
	category: (typeof categories)[number] | null;
	sector: Sector | null;
	mode: Mode;
	/** The search for a member or a person. */
	who: string;
	day: string | null;
	isPhone: boolean;
}

/** Reads an address; invalid values are ignored. */
export function readerPreviewQuery(search: URLSearchParams): ReaderPreviewQuery {
	const known = <T extends string>(name: string, all: readonly T[]) =>
		all.find((one) => one === search.get(name)) ?? null;
	const reader = search.get('reader') ?? '';
	const [kind, id] = reader.split(':');
	const isNamed = (kind === 'member' || kind === 'person') && isId(id);
	return {
		reader: isNamed || reader === 'registered' ? reader : 'visitor',
		category: known('category', categories),
		sector: known('sector', sectors),
		mode: known('mode', modes) ?? 'in_person',
		who: (search.get('who') ?? '').trim().slice(0, 100),
		day: agendaFiltersFrom(search).day,
		isPhone: search.get('width') === 'phone'
	};
}

/** The address of the same preview, or of another: "?…". */
export function readerPreviewAddress(query: ReaderPreviewQuery, change: Partial<ReaderPreviewQuery> = {}): string {
	const { reader, category, sector, mode, day, isPhone } = { ...query, ...change };
	const parts = { reader, category, sector, mode, day, width: isPhone ? 'phone' : null };
	return `?${new URLSearchParams(Object.entries(parts).flatMap(([name, value]) => (value === null ? [] : [[name, value]])))}`;
}

/** Who reads, as `preview_draft` takes it. */
export function chosenReader({ reader, category, sector, mode }: ReaderPreviewQuery) {
	const [kind, id] = reader.split(':');
	if (kind === 'person') return { person: id };
	if (kind === 'visitor') return {};
	return kind === 'member'
		? { registered: true, member: id, category, mode }
		: { registered: true, category, sector, mode };
}

/** Whether a person is chosen, who has a category, a sector and a mode of their own. */
export const isPersonChosen = (reader: string) => reader.startsWith('person:');

/** Sessions of a draft laid out as on the page of the agenda: a grid, or a list as on a phone. */
export function previewView(
	sessions: Session[],
	place: Place,
	rooms: readonly Pick<Room, 'slug'>[],
	{ day, isPhone }: Pick<ReaderPreviewQuery, 'day' | 'isPhone'>
): AgendaView {
	const filters = {
		...agendaFiltersFrom(new URLSearchParams({ day: day ?? '' })),
		view: isPhone ? ('list' as const) : ('grid' as const)
	};
	const agenda = { release: null, sessions };
	return agendaView({ agenda, filters, place, mine: null, now: Date.now(), rooms: rooms.map(({ slug }) => slug) });
}

/** The sessions of a day that the reader sees and cannot enter in any way, with the reason. */
export function notEntered(
	sessions: readonly PreviewedSession[],
	shown: ReadonlySet<string>,
	query: ReaderPreviewQuery
): { id: string; title: PreviewedSession['title']; reason: string }[] {
	return sessions
		.filter(({ id, is_break, is_cancelled, entry }) => {
			const isEntered = entry.door === 'ok' || entry.stream === 'ok';
			return shown.has(id) && !is_break && !is_cancelled && !isEntered;
		})
		.map(({ id, title, entry }) => ({
			id,
			title,
			reason: entryReason(isInHall(entry, query) ? entry.door : entry.stream)
		}));
}

/** Whether the door says why the reader does not enter. The mode of a person is known to the door alone. */
function isInHall({ door }: PreviewedSession['entry'], { reader, mode }: ReaderPreviewQuery): boolean {
	if (isPersonChosen(reader)) return door !== 'virtual_at_door' && door !== 'not_registered';
	return mode === 'in_person' && reader !== 'visitor';
}
