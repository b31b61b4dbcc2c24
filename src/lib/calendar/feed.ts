import ical from 'ical-generator';
import type { Agenda, Session, Slot } from '#lib/agenda/session.ts';
import type { ChosenText, TextMap } from '#lib/i18n/locale.ts';
import { asAddress, asValue } from './unfolded.ts';
import type { Origin } from './exchange/origin.ts';
import { addExtras, eventOf, extraOf, type EventExtra } from './event.ts';

/** What a calendar knows of one time of a session beside its words: its lasting name, and when it last changed. */
export interface EventFacts {
	start: string;
	end: string;
	uid: string;
	/** The number of the release in which it last changed. */
	sequence: number;
	changed_at: string;
	/** How its abstract parts into the three texts of the system from which it came. */
	parts?: number[] | null;
	/** What the file it came from said of it beside. */
	origin?: Partial<Origin> | null;
}

/** An agenda with the lasting names of its events, by session id. */
export interface Feed extends Agenda {
	events: Record<string, EventFacts[]>;
	/** Minutes after midnight at which a day of the agenda begins. */
	day_begins?: number;
	/** What is said of people in public, by their codes. */
	biographies?: Record<string, TextMap>;
}

/** Words of a feed, in the reader's language. */
export interface FeedWords {
	name: string;
	description: string;
	/** The texts of a session in the reader's language. */
	title: (session: Session) => ChosenText;
	rooms: (slot: Slot) => string;
	/** What stands under the title: note, level, languages, people. */
	about: (session: Session) => string;
	/** Track and format. */
	categories: (session: Session) => string[];
	/** The address of a session's page. */
	address: (session: Session) => string;
	/** Where the session is followed online: a page of ours, that lets in who may; null where there is none. */
	join: (session: Session, slot: Slot) => { address: string; label: string } | null;
}

/** The answer of the database for a feed; nothing at all is an empty one. */
export function feedFrom(answer: unknown): Feed {
	if (typeof answer !== 'object' || answer === null || !('sessions' in answer) || !Array.isArray(answer.sessions))
		return { release: null, sessions: [], events: {} };
	return { events: {}, ...(answer as Agenda) } as Feed;
}

/** The facts of each time of a session, in their order. One that no release names yet stands for itself. */
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
 * An iCalendar file (RFC 5545, 7986) of an agenda, times in UTC: UID outlives releases, SEQUENCE and LAST-MODIFIED are of the
 * release in which the event last changed. A file that is only followed has no METHOD, so that DTSTAMP is by definition the time
 * of that change, and the same agenda is the same bytes.
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
