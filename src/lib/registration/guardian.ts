import { m } from '#lib/i18n/messages.ts';

/** How far somebody under 18 is with their guardian. */
export interface OwnGuardian {
	registration_id: string;
	/** The address or reference that they typed; null before they did. Whose it is, they are never told. */
	typed: string | null;
	consented_at: string | null;
}

/** Somebody who asks the reader to be their guardian. */
interface AskingWard {
	registration_id: string;
	display_name: string;
}

/** Somebody for whom the reader is guardian. */
export interface Minor {
	registration_id: string;
	display_name: string;
	state: string;
	consented_at: string | null;
	/** The guardian lets them be called on stage from the floor. */
	on_stage: boolean;
	/** And be recorded there. */
	recorded: boolean;
}

/** What the reader has to do with guardians at a Summit. */
export interface Guardianship {
	own: OwnGuardian | null;
	/** The reader takes part as an adult, and so can be a guardian. */
	may_consent: boolean;
	asking: AskingWard[];
	wards: Minor[];
}

/** What whoever accredits reads of the guardian of somebody under 18. */
export interface ReadGuardian {
	typed: string | null;
	consented_at: string | null;
	/** Who it is; for safeguarding alone. */
	guardian: { reference: string; display_name: string } | null;
}

/** What was typed for a guardian: an address, a reference, or neither. */
export function guardianTyped(typed: string): { kind: 'address' | 'reference'; value: string } | null {
	const value = typed.trim();
	if (/^[^\s@<>"',;]+@[^\s@<>"',;]+\.[^\s@<>"',;]+$/u.test(value)) return { kind: 'address', value };
	const reference = value.replaceAll('-', '').toUpperCase();
	// The letters of which references are made.
	return /^[A-HJKMNP-TV-Z2-9]{8}$/.test(reference) ? { kind: 'reference', value: reference } : null;
}

/** Whether a young person has to do something about it themselves. */
export function guardianNeedsYou({ typed }: OwnGuardian): boolean {
	return typed === null;
}

/** What a young person waits for, in a sentence. */
export function guardianSentence({ typed, consented_at }: OwnGuardian, isDraft: boolean): string {
	if (consented_at !== null) return isDraft ? m.registration_guardian_done() : m.registration_guardian_given();
	return typed === null ? m.registration_guardian_not_named() : m.registration_guardian_asked({ who: typed });
}
