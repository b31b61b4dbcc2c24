import { m } from '#lib/i18n/messages.ts';

export type { ListedMail, MailList } from '#lib/database/answers/mail.ts';
/** The state of a mail. */
export type MailState = 'queued' | 'sending' | 'sent' | 'dead' | 'held';

/** The states in the order in which organisers should look. */
export const mailStates = ['dead', 'queued', 'sending', 'held', 'sent'] as const satisfies readonly MailState[];

const stateWords: Record<MailState, () => string> = {
	dead: m.mail_state_dead,
	queued: m.mail_state_queued,
	sending: m.mail_state_sending,
	held: m.mail_state_held,
	sent: m.mail_state_sent
};

/** A state in organisers' words. */
export function mailStateWord(state: MailState): string {
	return stateWords[state]();
}

const templateWords: Record<string, () => string> = {
	registration_received: m.mail_about_registration_received,
	registration_queued: m.mail_about_registration_queued,
	registration_declined: m.mail_about_registration_declined,
	registration_confirmed: m.mail_about_registration_confirmed,
	registration_withdrawn: m.mail_about_registration_withdrawn,
	registration_expired: m.mail_about_registration_expired,
	offer_made: m.mail_about_offer_made,
	offer_lapsed: m.mail_about_offer_lapsed,
	payment_due: m.mail_about_payment_due,
	payment_received: m.mail_about_payment_received,
	payment_refunded: m.mail_about_payment_refunded,
	guardian_asked: m.mail_about_guardian_asked,
	information_asked: m.mail_about_information_asked,
	information_reminder: m.mail_about_information_reminder,
	assistant_asked: m.mail_about_assistant_asked,
	invitation: m.mail_about_invitation,
	logistics_requested: m.mail_about_logistics_requested,
	reveal_asked: m.mail_about_reveal_asked,
	name_revealed: m.mail_about_name_revealed,
	safeguarding_needed: m.mail_about_safeguarding_needed,
	concern_raised: m.mail_about_concern_raised,
	concern_message: m.mail_about_concern_message,
	concern_waiting: m.mail_about_concern_waiting,
	concern_unread: m.mail_about_concern_unread,
	logistics_reminder: m.mail_about_logistics_reminder,
	need_closed: m.mail_about_need_closed,
	focal_invited: m.mail_about_focal_invited,
	commitment_agreement: m.mail_about_commitment_agreement,
	commitment_announced: m.mail_about_commitment_announced,
	commitment_reminder: m.mail_about_commitment_reminder,
	survey_invited: m.mail_about_survey_invited,
	survey_reminder: m.mail_about_survey_reminder,
	account_inactive: m.mail_about_account_inactive,
	erasure_requested: m.mail_about_erasure_requested,
	data_copy_requested: m.mail_about_data_copy_requested,
	passkeys_changed: m.mail_about_passkeys_changed,
	passkeys_reset: m.mail_about_passkeys_reset,
	backups_old: m.mail_about_backups_old,
	webhook_paused: m.mail_about_webhook_paused,
	role_invited: m.mail_about_role_invited,
	role_granted: m.mail_about_role_granted,
	role_proposed: m.mail_about_role_proposed,
	role_changed: m.mail_about_role_changed,
	role_ended: m.mail_about_role_ended,
	lead_without_lead: m.mail_about_lead_without_lead,
	deputy_granted: m.mail_about_deputy_granted,
	session_invited: m.mail_about_session_invited,
	payment_moved: m.mail_about_payment_moved,
	proposal_received: m.mail_about_proposal_received,
	proposal_invited: m.mail_about_proposal_invited,
	reviewer_invited: m.mail_about_reviewer_invited,
	proposal_accepted: m.mail_about_proposal_accepted,
	proposal_waitlisted: m.mail_about_proposal_waitlisted,
	proposal_declined: m.mail_about_proposal_declined,
	side_event_accepted: m.mail_about_side_event_accepted,
	side_event_declined: m.mail_about_side_event_declined,
	side_event_change_asked: m.mail_about_side_event_change_asked,
	review_reminder: m.mail_about_review_reminder,
	invoice_issued: m.mail_about_invoice_issued,
	credit_note_issued: m.mail_about_credit_note_issued,
	invoice_reminder: m.mail_about_invoice_reminder,
	waiver_approved: m.mail_about_waiver_approved,
	waiver_refused: m.mail_about_waiver_refused,
	books_differ: m.mail_about_books_differ,
	mail_test: m.mail_about_mail_test,
	agenda_changes: m.mail_about_agenda_changes,
	place_given: m.mail_about_place_given,
	speaker_reminder: m.mail_about_speaker_reminder,
	debrief_offered: m.mail_about_debrief_offered,
	group_message: m.mail_about_group_message,
	campaign: m.campaigns_mail_about,
	group_invited: m.mail_about_group_invited,
	group_notice: m.mail_about_group_notice,
	group_join_requested: m.mail_about_group_join_requested,
	group_join_accepted: m.mail_about_group_join_accepted,
	group_join_declined: m.mail_about_group_join_declined,
	meeting_event: m.mail_about_meeting_event,
	meeting_work: m.mail_about_meeting_work,
	minutes_opened: m.meetings_minutes_comments,
	times_offered: m.mail_times_offered_subject,
	announcement: m.mail_about_announcement,
	desk_signed_in: m.mail_about_desk_signed_in,
	sign_in_code: m.mail_about_sign_in_code
};

/** The subject of a mail. */
export function templateWord(template: string): string {
	return templateWords[template]?.() ?? template.replaceAll('_', ' ');
}

const own: Record<string, () => string> = {
	no_address: m.mail_failed_no_address,
	cannot_open: m.mail_failed_cannot_open,
	unknown_template: m.mail_failed_unknown_template,
	withdrawn: m.mail_failed_withdrawn,
	revoked: m.mail_failed_revoked,
	too_late: m.mail_failed_too_late,
	COMPLAINED: m.mail_failed_complained
};

/** Why a mail was not sent, and what to do, from the stored code. */
export function failureSentence(code: string | null): string {
	if (!code) return '';
	const known = own[code];
	if (known) return known();
	if (code.startsWith('BOUNCED')) return m.mail_failed_bounced({ code });
	const number = Number(/ (\d{3})$/.exec(code)?.[1] ?? 0);
	if (code.startsWith('EAUTH')) return m.mail_failed_sign_in({ code });
	if (number >= 500) return m.mail_failed_permanently({ code });
	if (number >= 400) return m.mail_failed_for_now({ code });
	return m.mail_failed_unreached({ code });
}
