import { m } from '#lib/i18n/messages.ts';
import type { GuardianRequest, Minor } from '#lib/database/answers/registration/guardians.ts';

export type { Ward, WardConsent, WardSession } from '#lib/database/answers/registration/guardians.ts';

/** The state of a person under 18 with their guardian. */
interface OwnGuardian {
	registration_id: string;
	/** The address or reference that they typed; null before. They never see whose it is. */
	typed: string | null;
	consented_at: string | null;
}

/** The reader's tasks as a guardian at a Summit. */
export interface Guardianship {
	own: OwnGuardian | null;
	/** The reader takes part as an adult, and so can be a guardian. */
	may_consent: boolean;
	asking: GuardianRequest[];
	minors: Minor[];
}

/** What organisers who accredit see of the guardian of a person under 18. */
export interface ReadGuardian {
	typed: string | null;
	consented_at: string | null;
	/** Who it is; for safeguarding only. */
	guardian: { reference: string; display_name: string } | null;
}

/** The typed guardian: an address, a reference, or neither. */
export function guardianTyped(typed: string): { kind: 'address' | 'reference'; value: string } | null {
	const value = typed.trim();
	if (/^[^\s@<>"',;]+@[^\s@<>"',;]+\.[^\s@<>"',;]+$/u.test(value)) return { kind: 'address', value };
	const reference = value.replaceAll('-', '').toUpperCase();
	// The letters of references.
	return /^[A-HJKMNP-TV-Z2-9]{8}$/.test(reference) ? { kind: 'reference', value: reference } : null;
}

/** Whether a young person has to act themselves. */
export function guardianNeedsYou({ typed }: OwnGuardian): boolean {
	return typed === null;
}

/** What a young person is waiting for, in a sentence. */
export function guardianSentence({ typed, consented_at }: OwnGuardian, isDraft: boolean): string {
	if (consented_at !== null) return isDraft ? m.registration_guardian_done() : m.registration_guardian_given();
	return typed === null ? m.registration_guardian_not_named() : m.registration_guardian_asked({ who: typed });
}
