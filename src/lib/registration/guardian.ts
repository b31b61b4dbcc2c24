import { m } from '#lib/i18n/messages.ts';

/** How far somebody under 18 is with their guardian. */
export interface OwnGuardian {
	registration_id: string;
	/** They said who it is. */
	named: boolean;
	/** The guardian's name, once an organiser has linked them. */
	linked: string | null;
	consented_at: string | null;
}

/** Somebody for whom the reader is guardian. */
export interface Ward {
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
	wards: Ward[];
}

/** A registration that may be a guardian's, as organisers see it. */
export interface GuardianFound {
	id: string;
	reference: string;
	display_name: string;
}

/** What whoever accredits knows of the guardian of somebody under 18. */
export interface ReadGuardian {
	named: boolean;
	/** Whom the young person means, if they are registered. */
	meant: GuardianFound | null;
	linked: GuardianFound | null;
	consented_at: string | null;
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
export function guardianNeedsYou({ linked }: OwnGuardian): boolean {
	return linked === null;
}

/** What a young person waits for, in a sentence. */
export function guardianSentence({ named, linked, consented_at }: OwnGuardian, isDraft: boolean): string {
	if (linked === null) return named ? m.registration_guardian_not_linked() : m.registration_guardian_not_named();
	if (consented_at === null) return m.registration_guardian_waits({ name: linked });
	return isDraft ? m.registration_guardian_done({ name: linked }) : m.registration_guardian_given({ name: linked });
}
