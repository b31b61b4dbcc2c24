import ical, { type ICalEventData } from 'ical-generator';
import type { Release, Session, Slot } from '#lib/agenda/session.ts';
import type { ChosenText } from '#lib/i18n/locale.ts';
import { asAddress, asValue } from './unfolded.ts';
import { addExtras, eventOf, extraOf, productId, type EventExtra } from './event.ts';
import type { EventFacts, PublicFeed } from '#lib/database/answers/calendar.ts';

export type { EventFacts } from '#lib/database/answers/calendar.ts';

/** An agenda with the lasting names of its events, or one session of it. */
export type Feed = Omit<PublicFeed, 'release'> & { release: Pick<Release, 'number' | 'released_at'> | null };

/** The texts of a feed, in the reader's language. */
export interface FeedWords {
	name: string;
	description: string;
	/** The texts of a session in the reader's language. */
	title: (session: Session) => ChosenText;
	rooms: (slot: Slot) => string;
	/** The text under the title: note, level, languages, people. */
	about: (session: Session) => string;
	/** Track and format. */
	categories: (session: Session) => string[];
	/** The address of a session's page. */
	address: (session: Session) => string;
	/** Where the session is followed online: our page that checks who may enter; null where there is none. */
	join: (session: Session, slot: Slot) => { address: string; label: string } | null;
}

/** The feed of somebody who may not read the Summit. */
export const emptyFeed: Feed = { release: null, sessions: [], events: {} };

/** The facts of each time of a session, in order. A time without a release gets its own id. */
export function eventFactsOf({ events, release }: Feed, session: Session): EventFacts[] {
	const open = [...(events[session.id] ?? [])];
	return session.slots.map((slot, index) => {
		const at = open.findIndex(({ start, end }) => start === slot.start && end === slot.end);
		const [found] = at < 0 ? [] : open.splice(at, 1);
		return (
			found ?? {
				...slot,
				uid: index === 0 ? session.id : `${session.id}-${index + 1}`,
				sequence: release?.number ?? 0,
				changed_at: release?.released_at ?? new Date(0).toISOString()
			}
		);
	});
}

/**
 * An iCalendar file (RFC 5545, 7986) of an agenda, times in UTC: the UID stays the same over releases; SEQUENCE and LAST-MODIFIED are those
 * of the release in which the event last changed. A subscribed file has no METHOD, so that DTSTAMP is by definition the time of that
 * change, and the same agenda has the same bytes. A personal file has the meetings of the person's groups after the sessions.
 */
export function calendarOf(
	feed: Feed,
	words: FeedWords,
	address: string | null,
	meetings: readonly ICalEventData[] = []
): string {
	const calendar = ical({
		name: asValue(words.name),
		description: asValue(words.description),
		prodId: productId,
		ttl: 15 * 60,
		...(address && { source: asAddress(address) })
	});
	const extras: EventExtra[] = [];
	for (const session of feed.sessions) {
		const facts = eventFactsOf(feed, session);
		session.slots.forEach((slot, index) => {
			const { uid = '', sequence = 0, changed_at = '' } = facts[index] ?? {};
			calendar.createEvent({
				...eventOf(session, slot, words),
				id: uid,
				sequence,
				stamp: new Date(changed_at),
				lastModified: new Date(changed_at)
			});
			extras.push(extraOf(session, slot, words));
		});
	}
	for (const meeting of meetings) calendar.createEvent(meeting);
	return addExtras(calendar.toString(), extras);
}
