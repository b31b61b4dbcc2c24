import type { MailContext } from './context.ts';
import { renderLetter, type Letter, type Rendered } from './letter.ts';
import { invitation } from './templates/invitation.ts';
import { assistantAsked } from './templates/assistant.ts';
import { detailsAsked, detailsReminder } from './templates/details.ts';
import * as invoices from './templates/invoices.ts';
import { focalInvited } from './templates/members.ts';
import { paymentDue, paymentMoved, paymentReceived, paymentRefunded } from './templates/payments.ts';
import * as registration from './templates/registration.ts';
import { roleGranted, roleInvited, sessionInvited } from './templates/role-invitations.ts';
import { signInCode } from './templates/sign-in.ts';

/** Every mail that we send, by the name under which the database queues it. */
export const templates: Record<string, (context: MailContext) => Letter> = {
	sign_in_code: signInCode,
	invitation,
	role_granted: roleGranted,
	role_invited: roleInvited,
	session_invited: sessionInvited,
	focal_invited: focalInvited,
	registration_received: registration.registrationReceived,
	registration_queued: registration.registrationQueued,
	registration_declined: registration.registrationDeclined,
	registration_confirmed: registration.registrationConfirmed,
	registration_withdrawn: registration.registrationWithdrawn,
	registration_expired: registration.registrationExpired,
	guardian_asked: registration.guardianAsked,
	details_asked: detailsAsked,
	details_reminder: detailsReminder,
	information_asked: registration.informationAsked,
	information_reminder: registration.informationReminder,
	assistant_asked: assistantAsked,
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
	books_differ: invoices.booksDiffer
};

/** Writes a mail in the language that is spoken at the moment (`withLocale`); null for a template that does not exist. */
export function writeMail(template: string, context: MailContext, locale: string): Rendered | null {
	const compose = Object.hasOwn(templates, template) ? templates[template] : undefined;
	return compose ? renderLetter(compose(context), locale) : null;
}
