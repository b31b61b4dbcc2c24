import ical, { ICalCalendarMethod, ICalEventClass, ICalEventStatus } from 'ical-generator';
import type { Agenda, Session, Slot } from '#lib/agenda/session.ts';

/** Words of a feed, in the reader's language. */
export interface FeedWords {
	name: string;
	description: string;
	/** The texts of a session in the reader's language. */
	title: (session: Session) => string;
	rooms: (slot: Slot) => string;
	/** What stands under the title: note, level, people. */
	about: (session: Session) => string;
	/** The address of a session's page. */
	address: (session: Session) => string;
}

/** An identifier that outlives releases: the session's own, and a number for its second and later times. */
export function eventId(session: Session, index: number): string {
	return index === 0 ? session.id : `${session.id}-${index + 1}`;
}

/**
 * An iCalendar file (RFC 5545) of an agenda: UID stable, SEQUENCE the release's number, times in UTC. DTSTAMP is the
 * release's time, so that the same agenda is the same bytes.
 */
export function calendarOf(agenda: Agenda, words: FeedWords, address: string): string {
	const calendar = ical({
		name: words.name,
		description: words.description,
		prodId: { company: 'Global Summit', product: 'agenda', language: 'EN' },
		method: ICalCalendarMethod.PUBLISH,
		source: address,
		ttl: 15 * 60
	});
	const stamp = new Date(agenda.release?.released_at ?? 0);
	for (const session of agenda.sessions) {
		session.slots.forEach((slot, index) => {
			calendar.createEvent({
				id: eventId(session, index),
				sequence: agenda.release?.number ?? 0,
				stamp,
				start: new Date(slot.start),
				end: new Date(slot.end),
				summary: words.title(session),
				description: words.about(session) || null,
				location: words.rooms(slot) || null,
				url: session.is_break ? null : words.address(session),
				status: session.is_cancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
				// Calendars are shared within offices: what is not public asks to be kept to oneself.
				class: session.level === 'public' ? ICalEventClass.PUBLIC : ICalEventClass.PRIVATE
			});
		});
	}
	return `${calendar.toString()}\r\n`.replace(/(\r\n)+$/, '\r\n');
}
