import { invitationOf, type CalendarInvitation, type InvitedEvent } from '#lib/calendar/invitation.ts';
import { meetingInvitationOf } from '#lib/calendar/meeting.ts';
import { feedWords } from '#lib/calendar/words.ts';
import type { MeetingEvent, WorkEvent } from '#lib/database/answers/meetings.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import { text } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import type { MailSummit } from '#lib/mail/context.ts';
import { meetingSummary, meetingUrl } from '#lib/mail/templates/meetings.ts';
import { senderAddress } from './transport.ts';

/** The calendar entries of a mail that is being sent: the current ones, whenever the mail was queued. */
export async function takeInvitations(mail: { id: string; params: Record<string, unknown> }): Promise<InvitedEvent[]> {
	if (mail.params['calendar'] !== true) return [];
	const [row] = await callPrivate('claim_invitations', [mail.id]);
	return row?.claim_invitations ?? [];
}

/** The calendar files of a mail, in the current language. They contain the reader's address, and no name. */
export function invitationsFor(
	events: readonly InvitedEvent[],
	{ summit, origin, to }: { summit: MailSummit | null; origin: string; to: string }
): CalendarInvitation[] {
	if (!summit) return [];
	const organizer = { name: text(summit.name).text, email: summit.reply_to ?? senderAddress() };
	return events.map((event) => {
		const words = feedWords({ slug: summit.slug, name: summit.name, rooms: event.rooms }, origin, true);
		return invitationOf(event, words, { organizer, attendee: to, now: Date.now() }, m.mail_calendar_gone());
	});
}

/** The meetings that a mail is about, as its reader may see them when it is sent. */
export async function takeMeetings(mail: { id: string; template: string }): Promise<MeetingEvent[]> {
	if (mail.template !== 'meeting_event' && mail.template !== 'meeting_work') return [];
	const [row] = await callPrivate('claim_meeting_events', [mail.id]);
	return row?.claim_meeting_events ?? [];
}

/** The work at meetings that a mail is about, as it is when the mail is sent. */
export async function takeWork(mail: { id: string; template: string }): Promise<WorkEvent[]> {
	if (mail.template !== 'meeting_work') return [];
	const [row] = await callPrivate('read_work_mail', [mail.id]);
	return row?.read_work_mail ?? [];
}

/** The calendar files of meetings, in the current language. */
export function meetingFilesFor(
	meetings: readonly MeetingEvent[],
	{ origin, to }: { origin: string; to: string }
): CalendarInvitation[] {
	const organizer = { name: m.ui_name(), email: senderAddress() };
	return meetings.map((event) =>
		meetingInvitationOf(
			event,
			{ summary: meetingSummary(event), url: meetingUrl(event, origin) },
			{ organizer, attendee: to, now: Date.now() }
		)
	);
}
