import ical, {
	ICalAttendeeRole,
	ICalAttendeeStatus,
	ICalAttendeeType,
	ICalCalendarMethod,
	ICalEventStatus,
	type ICalEventData
} from 'ical-generator';
import type { Session, Slot } from '#lib/agenda/session.ts';
import type { TextMap } from '#lib/i18n/locale.ts';
import { withoutBreaks } from '#lib/forms/one-line.ts';
import { addExtras, eventOf, extraOf } from './event.ts';
import type { FeedWords } from './feed.ts';

/** An event that a mail brings into somebody's calendar, or takes out of it, as the database tells it of one person. */
export interface InvitedEvent {
	method: 'REQUEST' | 'CANCEL';
	uid: string;
	sequence: number;
	start: string;
	end: string;
	/** Null where its reader may not see it any more. */
	session: Session | null;
	rooms: { slug: string; name: TextMap }[];
}

/** A calendar file that goes with a mail. */
export interface Invitation {
	method: InvitedEvent['method'];
	content: string;
}

/** Between whom: the Summit's address, and the one reader's. Nobody else is named. */
export interface Parties {
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
 * One event as a file of its own (RFC 5546: what is sent by mail holds one). No answer is asked for: ours is the word of the
 * reader, who took part, took a place or starred it.
 */
export function invitationOf(event: InvitedEvent, words: FeedWords, parties: Parties, gone: string): Invitation {
	const { session, method, uid, sequence } = event;
	const slot = { start: event.start, end: event.end, rooms: event.rooms.map(({ slug }) => slug) };
	const calendar = ical({
		prodId: { company: 'Global Summit', product: 'agenda', language: 'EN' },
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
