import { invitationOf, type CalendarInvitation, type InvitedEvent } from '#lib/calendar/invitation.ts';
import { feedWords } from '#lib/calendar/words.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import { text } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import type { MailSummit } from '#lib/mail/context.ts';
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
