import { LRUCache } from 'lru-cache';
import { render as renderComponent } from 'svelte/server';
import AgendaBody from '#lib/agenda/components/AgendaBody.svelte';
import { facetsOf } from '#lib/agenda/facets.ts';
import { agendaAddress, type Filters } from '#lib/agenda/filters.ts';
import { placeOf } from '#lib/agenda/place.ts';
import type { Agenda } from '#lib/agenda/session.ts';
import { agendaView } from '#lib/agenda/view.ts';
import { locale } from '#lib/i18n/locale.ts';
import type { Summit } from '#lib/summits/summit.ts';
import { joinEntries, splitEntries, type MarkedHtml } from './marked-html.ts';

/** The data of an agenda page, besides the reader's marks. */
interface AgendaPage {
	agenda: Agenda;
	filters: Filters;
	/** The reader's zone, from the address or their preferences. */
	asked: string | null;
	summit: Summit;
	/** Milliseconds. */
	now: number;
}

// Keyed by the rows themselves: readers share a body exactly when the database gave them the same rows, and it is
// dropped with the rows.
const bodies = new WeakMap<Agenda, LRUCache<string, MarkedHtml>>();

/** Whether the body is the same for all who see the same rows, except for their marks. Searches are not cached. */
export function canShare(filters: Filters): boolean {
	return !filters.mine && filters.query === '';
}

/** The contents of the page's body. */
export function sharedBodyOf({ agenda, filters, asked, summit, now }: AgendaPage, mine: ReadonlySet<string> | null) {
	const place = placeOf(summit, asked);
	const rooms = summit.rooms.map((room) => room.slug);
	return {
		filters,
		facets: facetsOf(agenda.sessions, summit),
		place,
		rooms: summit.rooms,
		release: agenda.release,
		isEmpty: agenda.sessions.length === 0,
		more: mine === null ? (agenda.more ?? 0) : 0,
		mine,
		view: agendaView({ agenda, filters, place, mine, now, rooms })
	};
}

function render(page: AgendaPage): MarkedHtml {
	const form = (mine: ReadonlySet<string>) =>
		renderComponent(AgendaBody, { props: { ...sharedBodyOf(page, mine), now: page.now, hasBoundaries: true } }).body;
	return splitEntries(form(new Set()), form(new Set(page.agenda.sessions.map(({ id }) => id))));
}

/** The HTML of the body for a reader with these marks. It is rendered once in 30 s for all who see the same rows. */
export function sharedBody(page: AgendaPage, marks: ReadonlySet<string>): string {
	const ofRows = bodies.get(page.agenda) ?? new LRUCache<string, MarkedHtml>({ max: 60, ttl: 30_000 });
	bodies.set(page.agenda, ofRows);
	const key = `${locale()} ${page.asked ?? ''} ${agendaAddress(page.filters)}`;
	const html = ofRows.get(key) ?? render(page);
	if (!ofRows.has(key)) ofRows.set(key, html);
	return joinEntries(html, marks);
}
