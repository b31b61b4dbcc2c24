import { entriesOf, isOn, isEntryOver, type Entry, type Session } from '#lib/agenda/session.ts';

/** The agenda's part of the landing page. */
export interface LandingAgenda {
	/** What is live at this moment, as the reader sees it. */
	live: Entry[];
	/** What anybody may watch: those still to come, or the first ones once all are over. */
	open: Entry[];
	/** How many sessions anybody may watch, in all. */
	openCount: number;
	/** Every public session is over. */
	isOver: boolean;
}

// The landing page shows titles, no abstracts.
function brief(session: Session): Session {
	return { ...session, abstract: {}, content_note: {}, people: [] };
}

/** Whether anybody may watch the session, signed in or not. */
function isOpenToAll(session: Session): boolean {
	return (
		session.level === 'public' &&
		session.audience === 'everyone' &&
		session.attendance !== 'hall' &&
		!session.is_break &&
		!session.is_cancelled
	);
}

/** Chooses what the landing page shows at a moment (milliseconds). */
export function landingAgenda(sessions: readonly Session[], now: number, most = 3): LandingAgenda {
	const briefs = sessions.map(brief);
	const open = briefs.filter(isOpenToAll);
	const running = briefs.filter((session) => session.run === 'live' && !session.is_cancelled);
	const entries = entriesOf(open);
	const coming = entries.filter((entry) => entry.end > now && !running.includes(entry.session));
	const all = entriesOf(running);
	// A session with several times is live once: in the present one, else in its first.
	const live = running.flatMap((session) => {
		const own = all.filter((entry) => entry.session === session);
		return own.find((entry) => isOn(entry, now)) ?? own[0] ?? [];
	});
	return {
		live,
		open: (coming.length > 0 || live.length > 0 ? coming : entries).slice(0, most),
		openCount: open.length,
		isOver: entries.length > 0 && entries.every((entry) => isEntryOver(entry, now))
	};
}
