/* The help desk: what is found, what is done, and what is said of it. No I/O. */
import type { Mode, RegistrationState } from '#lib/registration/registration.ts';

/** Somebody who was found. */
export interface Found {
	id: string;
	reference: string;
	display_name: string;
	affiliation: string;
	category: string;
	mode: Mode;
	state: RegistrationState;
}

/** Why the desk cannot open the way into somebody's account. */
export type SignInObstacle = 'own' | 'organiser' | 'safeguarding' | 'no_address';

/** What the desk sees of one person beside their registration. */
export interface AtDesk {
	badge: { id: string; issued_at: string; prints: number; printed_at: string | null } | null;
	sign_in: SignInObstacle | null;
	/** Of the same member, waiting for a seat of this mode. */
	colleagues: { id: string; display_name: string }[];
}

/** What can be looked at before a code is shown; never its number. */
export const checks = [
	{ value: 'passport', label: 'Their passport' },
	{ value: 'identity_card', label: 'Their identity card' },
	{ value: 'known_in_person', label: 'I know them in person' },
	{ value: 'focal_point', label: 'Their focal point stands by and says who they are' }
] as const;

/** Why no code can be shown, in a sentence with a way on. */
export const obstacleWords: Record<SignInObstacle, string> = {
	own: 'This is you, or somebody you act for: somebody else at the desk does this.',
	organiser: 'They hold an organiser’s role: their account opens by mail only.',
	safeguarding: 'Ask the safeguarding lead: only they can do this for this person.',
	no_address: 'They left no address, so there is no account to open. Print their badge.'
};

/** What was done, said on the search page, by the word in its address. */
export const doneWords: Record<string, { title: string; good: boolean }> = {
	confirmed: { title: 'Confirmed. Print the badge.', good: true },
	awaiting_payment: { title: 'Accredited. The fee is still to be paid; the seat is held until then.', good: false },
	accredited: { title: 'Accredited, but no seat is free: they are in the queue and hear when one is.', good: false },
	proposed: { title: 'A second person must confirm this before anything happens.', good: false },
	proposal_open: { title: 'It was proposed already: a second person must confirm it.', good: false },
	needs_a_word: { title: 'Not yet: safeguarding has been told, and comes to a decision first.', good: false },
	in_person: { title: 'They now take part in the hall. Print the badge.', good: true },
	virtual: { title: 'They now take part online; their badge opens no door any more.', good: true },
	category: { title: 'They take part as something else now. If a badge stands here, print it.', good: true },
	category_due: {
		title: 'They take part as something else. The fee is still to be paid; until then no badge opens a door.',
		good: false
	},
	payment_due: { title: 'The seat is held. The difference is still to be paid.', good: false },
	queued: { title: 'No seat is free: they are in the queue and keep what they have.', good: false },
	handed: { title: 'The seat was handed over.', good: true },
	badge: { title: 'The new badge is valid, the old one opens no door. Print it.', good: true }
};

/** Why an act did nothing, in a sentence. */
export const refusalWords: Record<string, string> = {
	changed: 'Another desk was faster: look at the person again, here as they are now.',
	wrong_state: 'Another desk was faster, or it is too late: look at the person again, here as they are now.',
	not_allowed: 'You cannot do this: it is your own registration, or your role does not include it.',
	no_badge: 'There is no badge: they are not confirmed in person.',
	no_seat: 'No seat is free in that mode. They can wait in the queue for one, and keep what they have.',
	not_waiting: 'This colleague does not wait for such a seat any more.',
	closed: 'Seats cannot be handed over any more.',
	limited: 'Five codes in an hour are enough. Wait, or print the badge and use paper.',
	checked_needed: 'Say what was checked.',
	address_refused: 'This address cannot be used here. Leave it out, or ask the safeguarding lead.',
	missing: 'The Summit asks for more than the desk can enter. Let them register on their phone.',
	failed: 'Nothing was changed: the seat did not allow it.'
};

/** How many characters a code of the desk has. */
export const deskCodeLength = 10;

/** A code as it is shown and typed: two groups of five. */
export function groupedCode(code: string): string {
	return `${code.slice(0, deskCodeLength / 2)} ${code.slice(deskCodeLength / 2)}`;
}
