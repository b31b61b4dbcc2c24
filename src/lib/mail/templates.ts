import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import type { MailContext } from './context.ts';
import { editable, faultsOf, composeDefaultWording, rulesOf, type MailRules } from './editable.ts';
import { sampleParams } from './samples.ts';
import { backupsOld } from './templates/backups.ts';
import { campaignFaults, groupFaults } from './group.ts';
import { mailParts, subjectOf, type Wording } from './wording.ts';
import { renderLetter, type Letter, type Rendered } from './letter.ts';
import { announcement } from './templates/announcement.ts';
import { agendaChanges, calendarEvent, placeGiven } from './templates/agenda.ts';
import { groupMessage } from './templates/group.ts';
import {
	groupInvited,
	groupJoinAccepted,
	groupJoinDeclined,
	groupJoinRequested,
	groupNotice
} from './templates/groups.ts';
import { debriefOffered } from './templates/debrief.ts';
import { deskSignedIn } from './templates/help-desk.ts';
import { invitation } from './templates/invitation.ts';
import { addressChangeCode, addressChanged } from './templates/address.ts';
import { assistantInvited } from './templates/assistant.ts';
import { campaign } from './templates/campaigns.ts';
import { commitmentAgreement, commitmentAnnounced, commitmentReminder } from './templates/commitments.ts';
import { logisticsRequested, logisticsReminder, needClosed } from './templates/logistics.ts';
import * as invoices from './templates/invoices.ts';
import { meetingEvent, meetingWork, minutesOpened, timesOffered } from './templates/meetings.ts';
import { focalInvited } from './templates/members.ts';
import { paymentDue, paymentMoved, paymentReceived, paymentRefunded } from './templates/payments.ts';
import { passkeysChanged, passkeysReset } from './templates/passkeys.ts';
import { accountInactive, dataCopyRequested, erasureRequested } from './templates/privacy.ts';
import * as proposals from './templates/proposals.ts';
import * as registration from './templates/registration.ts';
import * as roles from './templates/role-invitations.ts';
import {
	concernMessage,
	concernRaised,
	concernUnread,
	nameRevealed,
	revealAsked,
	concernWaiting,
	safeguardingNeeded
} from './templates/safeguarding.ts';
import { speakerReminder } from './templates/speaking.ts';
import { signInCode } from './templates/sign-in.ts';
import { surveyInvited, surveyReminder } from './templates/surveys.ts';
import { webhookPaused } from './templates/webhooks.ts';

/** Every mail that we send, by the name under which the database queues it. */
export const templates: Record<string, (context: MailContext) => Letter> = {
	sign_in_code: signInCode,
	address_change_code: addressChangeCode,
	address_changed: addressChanged,
	account_inactive: accountInactive,
	erasure_requested: erasureRequested,
	passkeys_changed: passkeysChanged,
	passkeys_reset: passkeysReset,
	backups_old: backupsOld,
	webhook_paused: webhookPaused,
	data_copy_requested: dataCopyRequested,
	invitation,
	role_granted: roles.roleGranted,
	role_invited: roles.roleInvited,
	role_proposed: roles.roleProposed,
	role_changed: roles.roleChanged,
	role_ended: roles.roleEnded,
	lead_without_lead: roles.leadWithoutLead,
	deputy_granted: roles.deputyGranted,
	session_invited: roles.sessionInvited,
	focal_invited: focalInvited,
	commitment_agreement: commitmentAgreement,
	commitment_announced: commitmentAnnounced,
	commitment_reminder: commitmentReminder,
	survey_invited: surveyInvited,
	survey_reminder: surveyReminder,
	registration_received: registration.registrationReceived,
	registration_queued: registration.registrationQueued,
	registration_declined: registration.registrationDeclined,
	registration_confirmed: registration.registrationConfirmed,
	registration_withdrawn: registration.registrationWithdrawn,
	registration_expired: registration.registrationExpired,
	guardian_asked: registration.guardianRequested,
	safeguarding_needed: safeguardingNeeded,
	reveal_asked: revealAsked,
	name_revealed: nameRevealed,
	concern_raised: concernRaised,
	concern_message: concernMessage,
	concern_waiting: concernWaiting,
	concern_unread: concernUnread,
	logistics_requested: logisticsRequested,
	logistics_reminder: logisticsReminder,
	need_closed: needClosed,
	information_asked: registration.informationRequested,
	information_reminder: registration.informationReminder,
	assistant_asked: assistantInvited,
	offer_made: registration.offerMade,
	offer_lapsed: registration.offerLapsed,
	payment_due: paymentDue,
	payment_received: paymentReceived,
	payment_refunded: paymentRefunded,
	payment_moved: paymentMoved,
	invoice_issued: invoices.invoiceIssued,
	credit_note_issued: invoices.creditNoteIssued,
	invoice_reminder: invoices.invoiceReminder,
	waiver_approved: invoices.waiverApproved,
	waiver_refused: invoices.waiverRefused,
	books_differ: invoices.booksDiffer,
	agenda_changes: agendaChanges,
	calendar_event: calendarEvent,
	proposal_received: proposals.proposalReceived,
	proposal_invited: proposals.proposalInvited,
	reviewer_invited: proposals.reviewerInvited,
	proposal_accepted: proposals.proposalAccepted,
	side_event_accepted: proposals.sideEventAccepted,
	side_event_declined: proposals.sideEventDeclined,
	side_event_change_asked: proposals.sideEventChangeAsked,
	proposal_waitlisted: proposals.proposalWaitlisted,
	proposal_declined: proposals.proposalDeclined,
	review_reminder: proposals.reviewReminder,
	place_given: placeGiven,
	speaker_reminder: speakerReminder,
	debrief_offered: debriefOffered,
	group_message: groupMessage,
	campaign,
	group_invited: groupInvited,
	group_notice: groupNotice,
	group_join_requested: groupJoinRequested,
	group_join_accepted: groupJoinAccepted,
	group_join_declined: groupJoinDeclined,
	meeting_event: meetingEvent,
	meeting_work: meetingWork,
	minutes_opened: minutesOpened,
	times_offered: timesOffered,
	desk_signed_in: deskSignedIn
};

const rules = new Map<string, MailRules>();

/** The variables and required parts of a mail; null for one that is not editable. */
export function mailRules(template: string): MailRules | null {
	const compose = composerOf(template);
	if (!compose || !Object.hasOwn(editable, template)) return null;
	const found = rules.get(template) ?? rulesOf(template, composeDefaultWording(template, compose));
	rules.set(template, found);
	return found;
}

/** The default text of a mail, in the present language; null for one that is not editable. */
export function defaultWording(template: string): Wording | null {
	const compose = composerOf(template);
	return compose && Object.hasOwn(editable, template) ? composeDefaultWording(template, compose) : null;
}

function composerOf(template: string): ((context: MailContext) => Letter) | undefined {
	return Object.hasOwn(templates, template) ? templates[template] : undefined;
}

// Every mail ends with where help is, and where a concern is reported.
function rendered(letter: Letter, { origin }: MailContext, locale: string): Rendered {
	const help = m.mail_help({ url: `${origin}${href('/talk')}` });
	return renderLetter({ ...letter, foot: [...letter.foot, help] }, locale);
}

// A stored text that no longer contains the required parts is not sent: the default text is.
function reworded(template: string, letter: Letter, wording: Wording, context: MailContext): Letter {
	const own = mailRules(template);
	if (!own || faultsOf(wording, own).length > 0) return letter;
	const action = letter.parts.find((part) => part.kind === 'action');
	const parts = mailParts(wording.body, context, action);
	return parts.length === 0
		? letter
		: { ...letter, subject: subjectOf(wording.subject, context) ?? letter.subject, parts };
}

/**
 * Writes a mail in the present language (`withLocale`), with the organisers' text where there is one; null for an unknown template. The
 * reason why the reader gets it is always our own.
 */
export function writeMail(
	template: string,
	context: MailContext,
	locale: string,
	wording: Wording | null = null
): Rendered | null {
	if (template === 'mail_test') return writeTest(context, locale);
	if (template === 'announcement') return rendered(announcement(context, wording), context, locale);
	const compose = composerOf(template);
	if (!compose) return null;
	const letter = compose(context);
	if (template === 'group_message') return writeGroup(letter, context, locale, wording, groupFaults);
	if (template === 'campaign') return writeGroup(letter, context, locale, wording, campaignFaults);
	return rendered(wording ? reworded(template, letter, wording, context) : letter, context, locale);
}

// A message to a group and a campaign have only the organisers' text; without it there is no mail.
function writeGroup(
	letter: Letter,
	context: MailContext,
	locale: string,
	wording: Wording | null,
	faultsOfText: (wording: Wording) => unknown[]
): Rendered | null {
	if (!wording || faultsOfText(wording).length > 0) return null;
	const action = letter.parts.find((part) => part.kind === 'action');
	const own = subjectOf(wording.subject, context);
	if (own === null) return null;
	const subject = context.params['test'] === true ? m.mail_test_subject({ subject: own }) : own;
	return rendered({ ...letter, subject, parts: mailParts(wording.body, context, action) }, context, locale);
}

/** A mail with sample data, sent to the organiser who tests it. */
function writeTest(context: MailContext, locale: string): Rendered | null {
	const { template, wording, combination } = context.params;
	if (typeof template !== 'string' || !Object.hasOwn(editable, template)) return null;
	const params = sampleParams(template, (combination ?? {}) as Record<string, boolean>);
	const compose = composerOf(template);
	const letter = compose?.({ ...context, params });
	if (!letter) return null;
	const tried = wording ? reworded(template, letter, wording as Wording, { ...context, params }) : letter;
	const subject = m.mail_test_subject({ subject: tried.subject });
	return rendered({ ...tried, subject, foot: [m.mail_test_why(), ...tried.foot] }, context, locale);
}
