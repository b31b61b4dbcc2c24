import ical, {
	ICalAttendeeRole,
	ICalAttendeeStatus,
	ICalAttendeeType,
	ICalCalendarMethod,
	ICalEventClass,
	ICalEventStatus,
	type ICalEventData
} from 'ical-generator';
import type { CalendarMeeting } from '#lib/database/answers/calendar.ts';
import type { MeetingEvent } from '#lib/database/answers/meetings.ts';
import { withoutBreaks } from '#lib/forms/one-line.ts';
import { joinFacts, plainList } from '#lib/i18n/list.ts';
import { href, text } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
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
		location: isOff ? null : withoutBreaks(plainList([event.place, event.link])) || null,
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

/** A meeting in a subscribed calendar. One that is cancelled says so in its title too: some calendars hide the state. */
export function meetingEventOf(meeting: CalendarMeeting, origin: string): ICalEventData {
	const { title, name, place, link, group, code, is_cancelled } = meeting;
	const summary = title && name ? joinFacts([text(title).text, text(name).text]) : m.mail_meeting_closed();
	return {
		id: meeting.uid,
		sequence: meeting.sequence,
		stamp: new Date(meeting.changed_at),
		lastModified: new Date(meeting.changed_at),
		start: new Date(meeting.start),
		end: new Date(meeting.end),
		summary: withoutBreaks(is_cancelled ? m.calendar_cancelled({ title: summary }) : summary),
		location: is_cancelled ? null : withoutBreaks(plainList([place, link])) || null,
		url: `${origin}${href(`/community/groups/${group}/meetings/${code}`)}`,
		status: is_cancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
		// Offices share calendars.
		class: ICalEventClass.PRIVATE
	};
}
