import ical, {
	ICalAttendeeRole,
	ICalAttendeeStatus,
	ICalAttendeeType,
	ICalCalendarMethod,
	ICalEventStatus,
	type ICalEventData
} from 'ical-generator';
import type { Slot } from '#lib/agenda/session.ts';
import { withoutBreaks } from '#lib/forms/one-line.ts';
import { addExtras, eventOf, extraOf, productId } from './event.ts';
import type { FeedWords } from './feed.ts';
import type { InvitedEvent } from '#lib/database/answers/calendar.ts';

export type { InvitedEvent } from '#lib/database/answers/calendar.ts';

/** A calendar file that is attached to a mail. */
export interface CalendarInvitation {
	method: InvitedEvent['method'];
	content: string;
}

/** The sender and the recipient: the Summit's address, and the reader's. Nobody else is named. */
interface Parties {
	organizer: { name: string; email: string };
	attendee: string;
	/** Milliseconds. */
	now: number;
}

function wordsOf(event: InvitedEvent, slot: Slot, words: FeedWords, gone: string): ICalEventData {
	const { session, method } = event;
	const status = method === 'CANCEL' ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED;
	const when = { start: new Date(slot.start), end: new Date(slot.end) };
	if (!session) return { ...when, summary: withoutBreaks(gone), status };
	const whole = eventOf(session, slot, words);
	return method === 'CANCEL' ? { ...when, summary: whole.summary, class: whole.class, status } : { ...whole, status };
}

/**
 * One event as its own file (RFC 5546: a mailed file contains one). No reply is requested: the reader already decided, by taking part,
 * taking a place or adding a bookmark.
 */
export function invitationOf(
	event: InvitedEvent,
	words: FeedWords,
	parties: Parties,
	gone: string
): CalendarInvitation {
	const { session, method, uid, sequence } = event;
	const slot = { start: event.start, end: event.end, rooms: event.rooms.map(({ slug }) => slug) };
	const calendar = ical({
		prodId: productId,
		method: ICalCalendarMethod[method]
	});
	calendar.createEvent({
		...wordsOf(event, slot, words, gone),
		id: uid,
		sequence,
		stamp: new Date(parties.now),
		organizer: {
			name: withoutBreaks(parties.organizer.name) || parties.organizer.email,
			email: withoutBreaks(parties.organizer.email)
		},
		attendees: [
			{
				email: withoutBreaks(parties.attendee),
				role: ICalAttendeeRole.REQ,
				type: ICalAttendeeType.INDIVIDUAL,
				status: method === 'CANCEL' ? ICalAttendeeStatus.NEEDSACTION : ICalAttendeeStatus.ACCEPTED,
				rsvp: false
			}
		]
	});
	const extras = session && method === 'REQUEST' ? [extraOf(session, slot, words)] : [];
	return { method, content: addExtras(calendar.toString(), extras) };
}
