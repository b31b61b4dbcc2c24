import type { MeetingEvent } from '#lib/database/answers/meetings.ts';
import { joinFacts } from '#lib/i18n/list.ts';
import { href, text } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { clockRange, day, offsetMinutes, zoneCity } from '#lib/i18n/time.ts';
import { isolate, type MailContext } from '../context.ts';
import { paragraph, type Letter } from '../letter.ts';

/** The address of the page of a meeting. */
export const meetingUrl = ({ group, code }: MeetingEvent, origin: string): string =>
	`${origin}${href(`/community/groups/${group}/meetings/${code}`)}`;

/** What a mail or a calendar calls a meeting: for a closed one no more than that it is one. */
export const meetingSummary = ({ title, name }: MeetingEvent): string =>
	title && name ? joinFacts([text(title).text, text(name).text]) : m.mail_meeting_closed();

const eventsIn = ({ params }: MailContext) =>
	Array.isArray(params['meetings'])
		? params['meetings'].filter((each): each is MeetingEvent => typeof each === 'object')
		: [];

function whenWords({ zone }: MailContext, event: MeetingEvent): string {
	const { start, end } = event;
	const span = (place: string) =>
		isolate(`${joinFacts([day(start, place, { year: true }), clockRange(start, end, place)])} (${zoneCity(place)})`);
	return zone && offsetMinutes(start, zone) !== offsetMinutes(start, event.zone)
		? `${span(event.zone)} = ${span(zone)}`
		: span(event.zone);
}

/**
 * New, changed or cancelled meetings of a group, for its people. The subject names neither group nor meeting, since it is
 * read over shoulders; of a closed meeting the text does not either.
 */
export function meetingEvent(context: MailContext): Letter {
	const events = eventsIn(context);
	const [first] = events;
	const isOff = events.length > 0 && events.every(({ method }) => method === 'CANCEL');
	const isNew = events.every(({ is_new }) => is_new);
	return {
		subject: isOff ? m.mail_meeting_off_subject() : isNew ? m.mail_meeting_subject() : m.mail_meeting_changed_subject(),
		parts: [
			paragraph(m.mail_calendar_attached()),
			...events.map((event) =>
				paragraph(
					[
						isolate(meetingSummary(event)),
						...(event.method === 'CANCEL' ? [m.mail_meeting_off()] : []),
						whenWords(context, event)
					].join('\n')
				)
			),
			...(isOff || !first
				? []
				: [
						paragraph(m.mail_meeting_answer()),
						{ kind: 'action' as const, label: m.mail_meeting_action(), url: meetingUrl(first, context.origin) }
					])
		],
		foot: [m.mail_meeting_why()]
	};
}
