/* Outcomes, steps and proposals in the organisers' words. No I/O. */
import { isolated } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { type ListedRegistration, type DecisionProposal, type Proposed } from './accreditation.ts';
import { type HistoryStep } from './registration.ts';
import { categoryWord } from './words.ts';
import type { ChosenRegistration, DecisionOutcome } from '#lib/database/answers/registration/accreditation.ts';

export type { DecisionOutcome } from '#lib/database/answers/registration/accreditation.ts';

/** Days since a moment, whole. */
export function daysSince(at: string, now: number): number {
	return Math.max(0, Math.floor((now - Date.parse(at)) / 86_400_000));
}

const proposedWords: Record<Proposed, string> = {
	accredit: 'to accredit',
	decline: 'to decline',
	accept_change: 'to accept the change',
	change_category: 'to change the category'
};

/** A proposed decision, after "proposed". */
export function proposedWord({
	decision,
	category,
	member
}: Pick<DecisionProposal, 'decision' | 'category' | 'member'>): string {
	if (!category) return proposedWords[decision];
	return `to make them ${categoryWord(category).toLowerCase()}${member ? `, on a seat of ${member}` : ''}`;
}

/** Warnings before a decision; empty when all is well. */
export function warningOf(row: ListedRegistration): string {
	if (row.wants_guardian) return 'Waits for a guardian';
	if (row.proposal) return row.is_own_proposal ? 'Proposed by you' : `Proposed ${proposedWords[row.proposal]}`;
	if (row.re_review_since) return 'Changed since accreditation';
	if (row.question === 'answered') return 'Answer to read';
	if (row.question === 'unanswered') return 'No answer in time';
	if (row.question === 'open') return 'Asked, no answer yet';
	if (row.has_request) return 'Organisation not linked';
	switch (row.queue_reason) {
		case 'allocation':
			return 'Over the entitlement';
		case 'ceiling':
			return 'Sector or region is full';
		case 'capacity':
			return 'No seat is free';
		case 'others_wait':
			return 'Others wait before';
		default:
			return row.queue_position === null ? '' : `Queue, ${row.queue_position}`;
	}
}

type Outcome = DecisionOutcome['status'];
/** What may come of a decision, and a registration that the reader does not decide on. */
type Expected = NonNullable<ChosenRegistration['expected']>;
/** The outcomes by which something was done. */
type Done =
	| 'confirmed'
	| 'awaiting_payment'
	| 'accredited'
	| 'declined'
	| 'change_accepted'
	| 'category_changed'
	| 'proposed'
	| 'rejected'
	| 'withdrawn';
/** Why a decision did nothing. */
export type DecisionRefusal = Exclude<Outcome, Done>;

const unchanged = { done: 'unchanged', soon: 'unchanged', good: false } as const;
const outcomes: {
	[Each in Expected]: { done: string; soon: string; good: Each extends Done ? true : false };
} = {
	confirmed: { done: 'confirmed', soon: 'Confirmed at once, and notified by mail', good: true },
	awaiting_payment: {
		done: 'accredited and asked to pay',
		soon: 'Asked to pay; the seat is held until then',
		good: true
	},
	accredited: {
		done: 'accredited and waiting for a seat',
		soon: 'Keeps the place in the queue until a seat is free',
		good: true
	},
	declined: { done: 'declined', soon: 'Declined, and sent the reason by mail', good: true },
	change_accepted: { done: 'accepted as changed', soon: 'The change is accepted', good: true },
	category_changed: {
		done: 'moved to another category',
		soon: 'Moved to another category, if a seat is there',
		good: true
	},
	proposed: { done: 'proposed to a second person', soon: 'Proposed: a second person must confirm', good: true },
	rejected: { done: 'not confirmed', soon: 'The proposal is rejected, and it is to be decided again', good: true },
	withdrawn: { done: 'withdrawn', soon: 'Your own proposal is withdrawn', good: true },
	own: { done: 'not yours to decide', soon: 'Not yours to decide: yourself, or somebody you act for', good: false },
	not_allowed: { done: 'not yours to decide', soon: 'Not yours to decide', good: false },
	wrong_state: { done: 'already decided', soon: 'Already decided', good: false },
	proposal_open: { done: 'already proposed', soon: 'Already proposed: confirm or reject it', good: false },
	no_proposal: { done: 'without a proposal any more', soon: 'No proposal is open', good: false },
	second_person_needed: {
		done: 'proposed by you: another must confirm',
		soon: 'Proposed by you: another must confirm',
		good: false
	},
	proposer_left: { done: 'proposed by somebody who no longer decides', soon: 'unchanged', good: false },
	reason_needed: { done: 'without a reason, so unchanged', soon: 'unchanged', good: false },
	needs_safeguarding: { done: 'waiting for safeguarding to check', soon: 'unchanged', good: false },
	failed: { done: 'not changed: the seat did not allow it', soon: 'unchanged', good: false },
	no_pool: unchanged,
	changed: unchanged,
	closed: unchanged,
	already: unchanged,
	minor: unchanged,
	member_needed: unchanged,
	unknown_member: unchanged,
	disputed: unchanged,
	processing: unchanged,
	no_seat: unchanged
};

/** The outcome that an address names; for anything else one by which nothing was done. */
export function outcomeFrom(named: string): Outcome {
	return named !== 'own' && Object.hasOwn(outcomes, named) ? (named as Outcome) : 'changed';
}

/** Whether something was done. */
export function isDone(status: Outcome): status is Done {
	return outcomes[status].good;
}

/** The text of an outcome: afterwards (`done`), or beforehand (`soon`). */
export function decisionOutcomeWord(status: Expected, when: 'done' | 'soon'): string {
	return outcomes[status][when];
}

/** The result of several decisions, in a sentence. */
export function decisionSentence(statuses: readonly Outcome[]): { text: string; good: boolean } {
	const counts = new Map<Outcome, number>();
	for (const status of statuses) counts.set(status, (counts.get(status) ?? 0) + 1);
	const parts = [...counts].map(([status, count]) => `${count} ${decisionOutcomeWord(status, 'done')}`);
	const good = statuses.length > 0 && statuses.every(isDone);
	return { text: parts.length > 0 ? `${parts.join(', ')}.` : 'Nobody was chosen.', good };
}

/** The first decider: "decided meanwhile by …, 3 June, 10:41". `clock` formats the time. */
export function meanwhile(
	{ by, at, own, status }: Omit<DecisionOutcome, 'status'> & { status: Expected },
	clock: (at: string) => string
): string {
	if (!at) return '';
	const who = own ? ' by you' : by ? ` by ${by}` : '';
	return `${status === 'proposal_open' || status === 'second_person_needed' ? 'proposed' : 'decided'}${who}, ${clock(at)}`;
}

/** One entry of the history for organisers: what, and by whom. */
export function stepSentence(step: HistoryStep): string {
	const category = step.category ? categoryWord(step.category).toLowerCase() : '';
	const what = category ? 'category' : step.from_state === step.to_state ? step.mode : step.to_state;
	if (step.by_self) return m.registration_person_step_self({ what, category });
	// Nobody is named where a deadline or the queue did it.
	return step.actor
		? m.registration_person_step_by({ what, category, actor: isolated(step.actor) })
		: m.registration_person_step({ what, category });
}

/** The result of a proposal for organisers. */
export function proposalSentence(proposal: DecisionProposal): string {
	const { decision, category, member, state, answer } = proposal;
	const somebody = (name: string | null) => (name ? isolated(name) : m.registration_person_somebody());
	const first = {
		what: category ? (member ? 'member' : 'category') : decision,
		by: somebody(proposal.by),
		category: category ? categoryWord(category).toLowerCase() : '',
		member: member ? isolated(member) : ''
	};
	const closed = { ...first, closed_by: somebody(proposal.closed_by) };
	switch (state) {
		case 'confirmed':
			return m.registration_person_proposal_confirmed(closed);
		case 'rejected':
			return m.registration_person_proposal_rejected(closed);
		case 'withdrawn':
			return m.registration_person_proposal_withdrawn(first);
		case 'cancelled':
			return cancelledSentence(answer)(first);
		default:
			return m.registration_person_proposal_open(first);
	}
}

function cancelledSentence(why: string) {
	switch (why) {
		case 'state':
			return m.registration_person_proposal_cancelled_state;
		case 'changed':
			return m.registration_person_proposal_cancelled_changed;
		case 'role':
			return m.registration_person_proposal_cancelled_role;
		default:
			return m.registration_person_proposal_cancelled;
	}
}

/** A checked field in words. */
export function fieldName(field: string): string {
	const words: Record<string, string> = {
		display_name: 'Name',
		office: 'Office',
		affiliation: 'Organisation',
		country: 'Country',
		member_id: 'Member',
		category: 'Category'
	};
	return words[field] ?? field;
}
