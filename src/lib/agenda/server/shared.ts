import { render } from 'svelte/server';
import AgendaBody from '#lib/agenda/components/AgendaBody.svelte';
import { facetsOf } from '#lib/agenda/facets.ts';
import { addressOf, type Filters } from '#lib/agenda/filters.ts';
import { placeOf } from '#lib/agenda/place.ts';
import type { Agenda } from '#lib/agenda/session.ts';
import { agendaView } from '#lib/agenda/view.ts';
import { locale } from '#lib/i18n/locale.ts';
import type { PageFragment } from '#lib/live/fragments.ts';
import type { Summit } from '#lib/summits/summit.ts';
import { joined, piecesOf, type Pieces } from './pieces.ts';

/** What a page of the agenda is made of, beside the reader's marks. */
export interface AgendaPage {
	agenda: Agenda;
	filters: Filters;
	/** The reader's zone, as they asked for it or prefer it. */
	asked: string | null;
	summit: Summit;
	/** Milliseconds. */
	now: number;
}

const keptFor = 30_000;
const most = 60;

// By the rows themselves: readers share a page exactly when the database gave them the same rows, and the page goes with the rows.
const kept = new WeakMap<Agenda, Map<string, { pieces: Pieces; until: number }>>();

/** Whether the page is the same for all who see the same rows, but for their marks; searches are not kept. */
export function canShare(filters: Filters): boolean {
	return !filters.mine && filters.query === '';
}

/** What the page's body shows. */
export function bodyOf({ agenda, filters, asked, summit, now }: AgendaPage, mine: ReadonlySet<string> | null) {
	const place = placeOf(summit, asked);
	const rooms = summit.rooms.map((room) => room.slug);
	return {
		filters,
		facets: facetsOf(agenda.sessions, summit),
		place,
		rooms: summit.rooms,
		release: agenda.release,
		isEmpty: agenda.sessions.length === 0,
		mine,
		view: agendaView({ agenda, filters, place, mine, now, rooms })
	};
}

function piecesFor(page: AgendaPage): Pieces {
	const form = (mine: ReadonlySet<string>) =>
		render(AgendaBody, { props: { ...bodyOf(page, mine), now: page.now, cut: true } }).body;
	return piecesOf(form(new Set()), form(new Set(page.agenda.sessions.map(({ id }) => id))));
}

/** The page's body for a reader with these marks, from what is made once for all who see the same rows. */
export function sharedBody(page: AgendaPage, marks: ReadonlySet<string>): PageFragment {
	const pages = kept.get(page.agenda) ?? new Map<string, { pieces: Pieces; until: number }>();
	kept.set(page.agenda, pages);
	const key = `${locale()} ${page.asked ?? ''} ${addressOf(page.filters)}`;
	const found = pages.get(key);
	if (found && found.until > page.now) return joined(found.pieces, marks);
	if (pages.size >= most) pages.clear();
	const pieces = piecesFor(page);
	pages.set(key, { pieces, until: page.now + keptFor });
	return joined(pieces, marks);
}
