import ical from 'ical-generator';
import type { Agenda, Session, Slot } from '#lib/agenda/session.ts';
import type { ChosenText, TextMap } from '#lib/i18n/locale.ts';
import { asAddress, asValue } from './unfolded.ts';
import type { Origin } from './exchange/origin.ts';
import { addExtras, eventOf, extraOf, type EventExtra } from './event.ts';

/** What a calendar needs about one time of a session beside its texts: its permanent id, and when it last changed. */
export interface EventFacts {
	start: string;
	end: string;
	uid: string;
	/** The number of the release in which it last changed. */
	sequence: number;
	changed_at: string;
	/** How its abstract splits into the three texts of the system from which it came. */
	parts?: number[] | null;
	/** What the file it came from contained beside. */
	origin?: Partial<Origin> | null;
}

/** An agenda with the permanent ids of its events, by session id. */
export interface Feed extends Agenda {
	events: Record<string, EventFacts[]>;
	/** Minutes after midnight at which a day of the agenda begins. */
	day_begins?: number;
	/** The public biographies of people, by their codes. */
	biographies?: Record<string, TextMap>;
}

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
	/** Where the session is followed online: a page of ours that checks who may enter; null where there is none. */
	join: (session: Session, slot: Slot) => { address: string; label: string } | null;
}

/** The answer of the database for a feed; no answer is an empty feed. */
export function feedFrom(answer: unknown): Feed {
	if (typeof answer !== 'object' || answer === null || !('sessions' in answer) || !Array.isArray(answer.sessions))
		return { release: null, sessions: [], events: {} };
	return { events: {}, ...(answer as Agenda) } as Feed;
}

/** The facts of each time of a session, in order. A time without a release gets an id of its own. */
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
 * change, and the same agenda has the same bytes.
 */
export function calendarOf(feed: Feed, words: FeedWords, address: string | null): string {
	const calendar = ical({
		name: asValue(words.name),
		description: asValue(words.description),
		prodId: { company: 'Global Summit', product: 'agenda', language: 'EN' },
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
	return addExtras(calendar.toString(), extras);
}
