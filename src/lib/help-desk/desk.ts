/* The help desk: results of the search, acts and their messages. No I/O. */
import { isolated } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import type { AccreditationRules } from '#lib/registration/accreditation-rules.ts';
import type { DecisionRefusal } from '#lib/registration/accreditation-words.ts';
import { categories } from '#lib/registration/registration.ts';
import type { RefusalOf } from '#lib/database/calls.ts';
import type { SignInObstacle } from '#lib/database/answers/help-desk.ts';

export type { AtDesk, RegistrationMatch } from '#lib/database/answers/help-desk.ts';

/** The category in which the desk registers walk-ins. */
export const walkInCategories = categories.filter((category) => category !== 'guardian');

/** Categories of walk-ins on which two people decide. */
export function decidedByTwo(rules: AccreditationRules | null): string[] {
	if (!rules?.second_person_decisions.includes('accredit')) return [];
	return walkInCategories.filter((category) => rules.second_person_for.includes(category));
}

/** The documents that can be checked before a code is shown; never their number. */
export const checks = ['passport', 'identity_card', 'known_in_person', 'focal_point'] as const;

/** The checked documents, as options for the desk. */
export function checkWord(check: (typeof checks)[number]): string {
	return {
		passport: m.help_desk_check_passport,
		identity_card: m.help_desk_check_identity_card,
		known_in_person: m.help_desk_check_known_in_person,
		focal_point: m.help_desk_check_focal_point
	}[check]();
}

const obstacles = {
	own: m.help_desk_obstacle_own,
	organiser: m.help_desk_obstacle_organiser,
	safeguarding: m.help_desk_obstacle_safeguarding,
	no_address: m.help_desk_obstacle_no_address
} satisfies Record<SignInObstacle, () => string>;

/** Why no code can be shown, in a sentence with an alternative. */
export function obstacleSentence(obstacle: SignInObstacle): string {
	return obstacles[obstacle]();
}

/** Why no code was made, in a sentence. */
export function noCodeSentence(status: RefusalOf<'issue_desk_code'>): string {
	const sentences: Record<typeof status, () => string> = {
		...obstacles,
		limited: m.help_desk_refused_limited,
		checked_needed: m.help_desk_refused_checked_needed,
		not_allowed: m.help_desk_refused_not_allowed
	};
	return sentences[status]();
}

// By the status in the address of the search page.
const outcomes: Record<string, { words: (values: { name: string }) => string; good: boolean }> = {
	confirmed: { words: m.help_desk_done_confirmed, good: true },
	awaiting_payment: { words: m.help_desk_done_awaiting_payment, good: false },
	accredited: { words: m.help_desk_done_accredited, good: false },
	proposed: { words: m.help_desk_done_proposed, good: false },
	proposal_open: { words: m.help_desk_done_proposal_open, good: false },
	needs_safeguarding: { words: m.help_desk_done_needs_safeguarding, good: false },
	in_person: { words: m.help_desk_done_in_person, good: true },
	virtual: { words: m.help_desk_done_virtual, good: true },
	category: { words: m.help_desk_done_category, good: true },
	category_due: { words: m.help_desk_done_category_due, good: false },
	payment_due: { words: m.help_desk_done_payment_due, good: false },
	queued: { words: m.help_desk_done_queued, good: false },
	handed: { words: m.help_desk_done_handed, good: true },
	badge: { words: m.help_desk_done_badge, good: true }
};

/** What was done for a person, in a sentence; null for an unknown status. */
export function helpDeskDoneSentence(done: string, name: string): { text: string; good: boolean } | null {
	const outcome = Object.hasOwn(outcomes, done) ? outcomes[done] : undefined;
	return outcome ? { text: outcome.words({ name: isolated(name) }), good: outcome.good } : null;
}

type ModeRefusal = Exclude<
	RefusalOf<'switch_mode' | 'join_queue'>,
	'queued' | 'offered' | 'awaiting_payment' | 'payment_due'
>;

/** Why an act did nothing, in a sentence. */
export function helpDeskRefusalSentence(
	status: DecisionRefusal | RefusalOf<'transfer_seat_to_colleague' | 'reissue_badge'> | ModeRefusal
): string {
	const sentences: Record<typeof status, () => string> = {
		changed: m.help_desk_refused_changed,
		wrong_state: m.help_desk_refused_wrong_state,
		not_allowed: m.help_desk_refused_not_allowed,
		no_badge: m.help_desk_refused_no_badge,
		no_seat: m.help_desk_refused_no_seat,
		second_person_needed: m.help_desk_refused_second,
		proposer_left: m.help_desk_refused_proposer_left,
		no_proposal: m.help_desk_refused_changed,
		not_waiting: m.help_desk_refused_not_waiting,
		closed: m.help_desk_refused_closed,
		failed: m.help_desk_refused_failed,
		already: m.help_desk_unchanged_look,
		not_found: m.help_desk_unchanged_look,
		reason_needed: m.help_desk_unchanged_look,
		proposal_open: m.help_desk_unchanged_look,
		needs_safeguarding: m.help_desk_unchanged_look,
		no_pool: m.help_desk_unchanged_look,
		minor: m.help_desk_unchanged_look,
		member_needed: m.help_desk_unchanged_look,
		unknown_member: m.help_desk_unchanged_look,
		disputed: m.help_desk_unchanged_look,
		processing: m.help_desk_unchanged_look
	};
	return sentences[status]();
}

/** The length of a code of the desk. */
export const deskCodeLength = 10;

/** A code for display: two groups of five. */
export function shownDeskCode(code: string): string {
	return `${code.slice(0, deskCodeLength / 2)} ${code.slice(deskCodeLength / 2)}`;
}
