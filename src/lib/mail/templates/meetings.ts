import type { MeetingEvent, WorkEvent } from '#lib/database/answers/meetings.ts';
import { joinFacts } from '#lib/i18n/list.ts';
import { href, text, type TextMap } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { clockRange, day, offsetMinutes, zoneCity } from '#lib/i18n/time.ts';
import { staffLanguage, staffPartWord } from '#lib/meetings/meeting.ts';
import { isolate, textParam, type MailContext } from '../context.ts';
import { paragraph, type Letter } from '../letter.ts';

const workUrl = (origin: string) => `${origin}${href('/community/groups')}`;

/** The address of the page of a meeting; for its staff from outside the group, that of their own work. */
export const meetingUrl = ({ group, code, is_in_group }: MeetingEvent, origin: string): string =>
	is_in_group ? `${origin}${href(`/community/groups/${group}/meetings/${code}`)}` : workUrl(origin);

/** What a mail or a calendar calls a meeting: for a closed one no more than that it is one. */
export const meetingSummary = ({ title, name }: Pick<MeetingEvent, 'title' | 'name'>): string =>
	title && name ? joinFacts([text(title).text, text(name).text]) : m.mail_meeting_closed();

const eventsIn = ({ params }: MailContext) =>
	Array.isArray(params['meetings'])
		? params['meetings'].filter((each): each is MeetingEvent => typeof each === 'object')
		: [];

const workIn = ({ params }: MailContext) =>
	Array.isArray(params['work']) ? params['work'].filter((each): each is WorkEvent => typeof each === 'object') : [];

function whenWords({ zone }: MailContext, event: Pick<MeetingEvent, 'start' | 'end' | 'zone'>): string {
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

function groupName({ params }: MailContext): string {
	const name = params['name'];
	return typeof name === 'object' && name !== null ? isolate(text(name as TextMap).text) : '';
}

const meetingsUrl = (context: MailContext, path: string) =>
	`${context.origin}${href(`/community/groups/${textParam(context, 'group')}/meetings/${path}${textParam(context, 'code')}`)}`;

/** To the people of a group: minutes of a meeting are open for comments. Of a closed one it says no more. */
export function minutesOpened(context: MailContext): Letter {
	const name = groupName(context);
	return {
		subject: m.meetings_minutes_comments(),
		parts: [
			paragraph(name ? m.mail_minutes_opened_body({ name }) : m.mail_minutes_opened_closed()),
			{ kind: 'action', label: m.mail_minutes_opened_action(), url: meetingsUrl(context, '') }
		],
		foot: [m.mail_group_notice_why()]
	};
}

/** To the people of a group: times are offered for a meeting. Of a closed one it says no more. */
export function timesOffered(context: MailContext): Letter {
	const name = groupName(context);
	return {
		subject: m.mail_times_offered_subject(),
		parts: [
			paragraph(name ? m.mail_times_offered_body({ name }) : m.mail_times_offered_closed()),
			{ kind: 'action', label: m.mail_times_offered_action(), url: meetingsUrl(context, 'polls/') }
		],
		foot: [m.mail_group_notice_why()]
	};
}

/**
 * Work at meetings, for interpreters and captioners: that they are asked, that a meeting is cancelled, that their part has ended,
 * and else what their work is now. It names neither place nor papers, and of a closed meeting the time and the languages alone.
 */
export function meetingWork(context: MailContext): Letter {
	const work = workIn(context);
	const isOver = work.every(({ parts, is_off }) => is_off || parts.length === 0);
	const isAsked = work.some(({ parts, is_off }) => !is_off && parts.some(({ state }) => state === 'invited'));
	return {
		subject: isOver ? m.mail_work_off_subject() : isAsked ? m.mail_work_subject() : m.mail_work_now_subject(),
		parts: [
			...(isOver || isAsked ? [] : [paragraph(m.mail_work_now())]),
			...work.map((event) =>
				paragraph(
					[
						isolate(meetingSummary(event)),
						...(event.is_off ? [m.mail_work_off()] : event.parts.length === 0 ? [m.mail_work_ended()] : []),
						...event.parts.map((part) => joinFacts([staffPartWord(part.part), staffLanguage(part)])),
						whenWords(context, event)
					].join('\n')
				)
			),
			...(isOver
				? []
				: [
						...(isAsked ? [paragraph(m.mail_work_answer())] : []),
						{
							kind: 'action' as const,
							label: isAsked ? m.mail_work_action() : m.mail_work_open(),
							url: workUrl(context.origin)
						}
					])
		],
		foot: [m.mail_work_why()]
	};
}
