/* The sessions that a page names, as its reader sees them in the agenda. No I/O. */
import { entriesOf, type Agenda, type Entry, type Session } from '#lib/agenda/session.ts';
import type { ShownPage } from './page.ts';

/** A page with the times of its sessions, by block. */
export interface PageWithSessions extends ShownPage {
	sessions: Record<string, readonly Entry[]>;
}

/** Whether a page has a block of sessions, so that the agenda has to be read. */
export const namesSessions = (page: ShownPage): boolean => page.blocks.some(({ kind }) => kind === 'sessions');

// A page shows titles and times only.
const brief = (session: Session): Session => ({ ...session, abstract: {}, content_note: {}, people: [] });

/** Adds the sessions: the chosen ones in their order, then the rest of the track by time. Cancelled ones are left out. */
export function withSessions(page: ShownPage, agenda: Agenda | null): PageWithSessions {
	const shown = (agenda?.sessions ?? []).filter((one) => !one.is_break && !one.is_cancelled).map(brief);
	const times = page.blocks.flatMap((block): [string, readonly Entry[]][] => {
		if (block.kind !== 'sessions') return [];
		const chosen = block.sessions.flatMap((id) => shown.find((session) => session.id === id) ?? []);
		const rest = shown.filter(
			(session) => block.track !== null && session.track_slug === block.track && !chosen.includes(session)
		);
		return [[block.id, [...chosen.flatMap((one) => entriesOf([one])), ...entriesOf(rest)]]];
	});
	return { ...page, sessions: Object.fromEntries(times) };
}
