import type { RetentionPeriod } from '#lib/database/answers/privacy.ts';
import { m } from '#lib/i18n/messages.ts';
import { number } from '#lib/i18n/time.ts';

type Word = () => string;

/** Each class of data: its name, and why it is kept. */
const words: Record<string, [name: Word, why: Word]> = {
	logistics: [m.privacy_class_logistics, m.privacy_class_logistics_why],
	needs: [m.privacy_class_needs, m.privacy_class_needs_why],
	emergency_contacts: [m.privacy_class_emergency_contacts, m.privacy_class_emergency_contacts_why],
	accreditation: [m.privacy_class_accreditation, m.privacy_class_accreditation_why],
	registrations: [m.privacy_class_registrations, m.privacy_class_registrations_why],
	invitations: [m.privacy_class_invitations, m.privacy_class_invitations_why],
	preparation: [m.privacy_class_preparation, m.privacy_class_preparation_why],
	proposals: [m.privacy_class_proposals, m.privacy_class_proposals_why],
	presence: [m.privacy_class_presence, m.privacy_class_presence_why],
	participation: [m.privacy_class_participation, m.privacy_class_participation_why],
	recordings: [m.privacy_class_recordings, m.privacy_class_recordings_why],
	files: [m.privacy_class_files, m.privacy_class_files_why],
	consents: [m.privacy_class_consents, m.privacy_class_consents_why],
	certificates: [m.privacy_class_certificates, m.privacy_class_certificates_why],
	concerns: [m.privacy_class_concerns, m.privacy_class_concerns_why],
	lookups: [m.privacy_class_lookups, m.privacy_class_lookups_why],
	mails: [m.privacy_class_mails, m.privacy_class_mails_why],
	contact: [m.privacy_class_contact, m.privacy_class_contact_why],
	audit_values: [m.privacy_class_audit_values, m.privacy_class_audit_values_why],
	sign_in: [m.privacy_class_sign_in, m.privacy_class_sign_in_why],
	unfinished: [m.privacy_class_unfinished, m.privacy_class_unfinished_why],
	surveys: [m.privacy_class_surveys, m.privacy_class_surveys_why],
	webhooks: [m.privacy_class_webhooks, m.privacy_class_webhooks_why]
};

/** The classes that have words; a test compares them with the database. */
export const classCodes: readonly string[] = Object.keys(words);

/** The name of a class of data. */
export const className = (code: string): string => words[code]?.[0]() ?? code;

/** Why a class of data is kept. */
export const classReason = (code: string): string => words[code]?.[1]() ?? '';

/** A number of days as people say it: whole years, or days. */
export function periodOf(days: number): string {
	const [value, unit] = days > 0 && days % 365 === 0 ? [days / 365, 'year'] : [days, 'day'];
	return number(value, { style: 'unit', unit, unitDisplay: 'long' });
}

/** How long a class is kept: "30 days after the Summit is closed". */
export function keptFor({ clock, days }: Pick<RetentionPeriod, 'clock' | 'days'>): string {
	const period = periodOf(days);
	if (clock === 'closed') return days === 0 ? m.privacy_kept_closed_once() : m.privacy_kept_closed({ period });
	if (clock === 'written') return m.privacy_kept_written({ period });
	if (clock === 'ended') return m.privacy_kept_ended({ period });
	return m.privacy_kept_last_sign({ period });
}
