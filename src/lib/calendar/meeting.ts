import ical, {
	ICalAttendeeRole,
	ICalAttendeeStatus,
	ICalAttendeeType,
	ICalCalendarMethod,
	ICalEventClass,
	ICalEventStatus
} from 'ical-generator';
import type { MeetingEvent } from '#lib/database/answers/meetings.ts';
import { withoutBreaks } from '#lib/forms/one-line.ts';
import { joinFacts } from '#lib/i18n/list.ts';
import { addExtras, productId } from './event.ts';
import type { CalendarInvitation } from './invitation.ts';

/** What a calendar shows of a meeting, in the reader's language, and where its page is. */
export interface MeetingEventWords {
	summary: string;
	url: string;
}

/** An answer as calendars know it. Who sends an alternate does not come. */
function answerStatus(answer: MeetingEvent['answer']): ICalAttendeeStatus {
	if (answer === null) return ICalAttendeeStatus.NEEDSACTION;
	return answer === 'yes' ? ICalAttendeeStatus.ACCEPTED : ICalAttendeeStatus.DECLINED;
}

/** A meeting as its own file. It names its reader and our address; nobody else of the group. */
export function meetingInvitationOf(
	event: MeetingEvent,
	words: MeetingEventWords,
	{ organizer, attendee, now }: { organizer: { name: string; email: string }; attendee: string; now: number }
): CalendarInvitation {
	const isOff = event.method === 'CANCEL';
	const calendar = ical({ prodId: productId, method: ICalCalendarMethod[event.method] });
	calendar.createEvent({
		id: event.uid,
		sequence: event.sequence,
		stamp: new Date(now),
		start: new Date(event.start),
		end: new Date(event.end),
		summary: withoutBreaks(words.summary),
		location: isOff ? null : withoutBreaks(joinFacts([event.place, event.link])) || null,
		url: words.url,
		status: isOff ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
		// Offices share calendars.
		class: ICalEventClass.PRIVATE,
		organizer,
		attendees: [
			{
				email: withoutBreaks(attendee),
				role: ICalAttendeeRole.REQ,
				type: ICalAttendeeType.INDIVIDUAL,
				status: answerStatus(event.answer),
				rsvp: false
			}
		]
	});
	return { method: event.method, content: addExtras(calendar.toString(), []) };
}
