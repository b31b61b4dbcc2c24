export type { ListedMail, MailList } from '#lib/database/answers/mail.ts';
/** The state of a mail. */
export type MailState = 'queued' | 'sending' | 'sent' | 'dead' | 'held';

/** The states in the order in which organisers should look. */
export const mailStates = ['dead', 'queued', 'sending', 'held', 'sent'] as const satisfies readonly MailState[];

const stateWords: Record<MailState, string> = {
	dead: 'Not sent',
	queued: 'Waiting',
	sending: 'Being sent',
	held: 'Held',
	sent: 'Sent'
};

/** A state in organisers' words. */
export function mailStateWord(state: MailState): string {
	return stateWords[state];
}

const templateWords: Record<string, string> = {
	registration_received: 'Registration received',
	registration_queued: 'Place in the queue',
	registration_declined: 'Registration declined',
	registration_confirmed: 'Registration confirmed',
	registration_withdrawn: 'Registration withdrawn',
	registration_expired: 'Registration ended',
	offer_made: 'Offer of a seat',
	offer_lapsed: 'Offer ended',
	payment_due: 'Payment asked for',
	payment_received: 'Payment received',
	payment_refunded: 'Refund',
	guardian_asked: 'Guardian asked for consent',
	information_asked: 'Question to the person',
	information_reminder: 'Reminder of a question',
	assistant_asked: 'Assistant asked',
	invitation: 'Invitation to register',
	logistics_requested: 'Logistics form asked for',
	reveal_asked: 'Reveal asked for',
	name_revealed: 'Real name opened',
	safeguarding_needed: 'Safeguarding check needed',
	concern_raised: 'A concern was raised',
	concern_message: 'News of a concern',
	concern_waiting: 'A concern waits for somebody',
	concern_unread: 'A concern needs a reader',
	logistics_reminder: 'Reminder of the logistics form',
	focal_invited: 'Focal point asked',
	account_inactive: 'Account not used',
	erasure_requested: 'Erasure asked for',
	data_copy_requested: 'Copy of data asked for',
	passkeys_changed: 'Passkeys changed',
	passkeys_reset: 'Passkeys reset',
	role_invited: 'Role offered',
	role_granted: 'Role given',
	role_proposed: 'Role to confirm',
	role_changed: 'Change of who holds a role',
	role_ended: 'Role ended',
	lead_without_lead: 'How earlier leads were named',
	deputy_granted: 'Deputy for safeguarding named',
	session_invited: 'Part in a session offered',
	payment_moved: 'Seat paid by the member',
	proposal_received: 'Proposal received',
	proposal_invited: 'Part in a proposal offered',
	reviewer_invited: 'Reviewing offered',
	proposal_accepted: 'Proposal accepted',
	proposal_waitlisted: 'Proposal on the waiting list',
	proposal_declined: 'Proposal declined',
	review_reminder: 'Reminder of reviews',
	invoice_issued: 'Invoice',
	credit_note_issued: 'Credit note',
	invoice_reminder: 'Reminder of an invoice',
	waiver_approved: 'Waiver granted',
	waiver_refused: 'Waiver refused',
	books_differ: 'Books that differ (to finance)',
	mail_test: 'Test of a text',
	agenda_changes: 'Changes of one’s sessions',
	place_given: 'Place in a session',
	speaker_reminder: 'Reminder of a speaker',
	debrief_offered: 'Debrief offered',
	group_message: 'Message to a group',
	announcement: 'Announcement',
	desk_signed_in: 'Signed in at the help desk',
	sign_in_code: 'Sign-in code'
};

/** The subject of a mail. */
export function templateWord(template: string): string {
	return templateWords[template] ?? template.replaceAll('_', ' ');
}

const own: Record<string, string> = {
	no_address: 'We have no address for this person.',
	cannot_open: 'The address was sealed with a key that this server does not have. Restore the key, then send again.',
	unknown_template: 'This version of the site does not know this mail. Update it, then send again.',
	withdrawn: 'The announcement was withdrawn before it went.',
	revoked: 'The invitation was revoked or sent again.',
	too_late: 'It would have come too late to be of use.'
};

/** Why a mail was not sent, and what to do, from the stored code. */
export function failureSentence(code: string | null): string {
	if (!code) return '';
	const known = own[code];
	if (known) return known;
	const number = Number(/ (\d{3})$/.exec(code)?.[1] ?? 0);
	if (code.startsWith('EAUTH')) return `The mail server refused our sign-in (${code}). Check SMTP_URL.`;
	if (number >= 500)
		return `The mail server refused it permanently (${code}). The address is likely wrong: ask the person.`;
	if (number >= 400) return `The mail server asked us to wait (${code}).`;
	return `The mail server could not be reached (${code}).`;
}
