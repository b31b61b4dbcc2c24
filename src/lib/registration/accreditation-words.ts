/* Outcomes, steps and proposals in the organisers' words. No I/O. */
import { capitalised, joinFacts } from '#lib/i18n/list.ts';
import { isolated } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { number } from '#lib/i18n/time.ts';
import { type ListedRegistration, type DecisionProposal } from './accreditation.ts';
import { queueReason } from './person-words.ts';
import { type HistoryStep } from './registration.ts';
import { categoryWord } from './words.ts';
import type { ChosenRegistration, DecisionOutcome } from '#lib/database/answers/registration/accreditation.ts';

export type { DecisionOutcome } from '#lib/database/answers/registration/accreditation.ts';

/** Days since a moment, whole. */
export function daysSince(at: string, now: number): number {
	return Math.max(0, Math.floor((now - Date.parse(at)) / 86_400_000));
}

/** Warnings before a decision; empty when all is well. */
export function warningOf(row: ListedRegistration): string {
	if (row.wants_guardian) return m.registration_tab_guardian();
	if (row.proposal)
		return row.is_own_proposal
			? m.registration_warning_proposed_own()
			: m.registration_warning_proposed({ what: row.proposal });
	if (row.re_review_since) return m.registration_warning_changed();
	if (row.question === 'answered') return m.registration_flag_answered();
	if (row.question === 'unanswered') return m.registration_flag_unanswered();
	if (row.question === 'open') return m.registration_warning_asked();
	if (row.has_request) return m.registration_person_not_linked();
	if (row.queue_reason) return queueReason({ reason: row.queue_reason });
	return row.queue_position === null ? '' : m.registration_warning_queue({ position: number(row.queue_position) });
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

// Whether something is done by it.
const outcomes: { [Each in Expected]: Each extends Done ? true : false } = {
	confirmed: true,
	awaiting_payment: true,
	accredited: true,
	declined: true,
	change_accepted: true,
	category_changed: true,
	proposed: true,
	rejected: true,
	withdrawn: true,
	own: false,
	not_allowed: false,
	wrong_state: false,
	proposal_open: false,
	no_proposal: false,
	second_person_needed: false,
	proposer_left: false,
	reason_needed: false,
	needs_safeguarding: false,
	failed: false,
	no_pool: false,
	changed: false,
	closed: false,
	already: false,
	minor: false,
	member_needed: false,
	unknown_member: false,
	disputed: false,
	processing: false,
	no_seat: false
};

/** The outcome that an address names; for anything else one by which nothing was done. */
export function outcomeFrom(named: string): Outcome {
	return named !== 'own' && Object.hasOwn(outcomes, named) ? (named as Outcome) : 'changed';
}

/** Whether something was done. */
export function isDone(status: Outcome): status is Done {
	return outcomes[status];
}

/** How many came out so: "2 declined". */
export function outcomeCount(status: Expected, count: number): string {
	return capitalised(m.registration_outcome_count({ status, count: number(count) }));
}

/** The result of several decisions, in a sentence. */
export function decisionSentence(statuses: readonly Outcome[]): { text: string; good: boolean } {
	const counts = new Map<Outcome, number>();
	for (const status of statuses) counts.set(status, (counts.get(status) ?? 0) + 1);
	const parts = [...counts].map(([status, count]) => m.registration_outcome_count({ status, count: number(count) }));
	const good = statuses.length > 0 && statuses.every(isDone);
	return { text: parts.length > 0 ? `${capitalised(joinFacts(parts))}.` : m.registration_outcome_nobody(), good };
}

/** The first decider: "decided by …, 3 June, 10:41". `clock` formats the time. */
export function meanwhile(
	{ by, at, own, status }: Omit<DecisionOutcome, 'status'> & { status: Expected },
	clock: (at: string) => string
): string {
	if (!at) return '';
	const act = status === 'proposal_open' || status === 'second_person_needed' ? 'proposed' : 'decided';
	const what = own ? `${act}_own` : by ? `${act}_by` : act;
	return m.registration_meanwhile({ what, name: isolated(by ?? ''), when: clock(at) });
}

/** Why nothing was done, naming the person who acted first if there was one. */
export function decisionRefusalSentence(refusal: string, first: string): string {
	return first ? `${refusal} ${capitalised(first)}.` : refusal;
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
	const what = category ? (member ? 'member' : 'category') : decision;
	const first = {
		what,
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
			return proposal.own ? m.registration_person_proposal_own(first) : m.registration_person_proposal_open(first);
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
	const words: Record<string, () => string> = {
		display_name: m.registration_delegation_name,
		office: m.registration_field_office,
		affiliation: m.registration_field_organisation,
		country: m.registration_field_country,
		member_id: m.registration_field_member,
		category: m.registration_field_category
	};
	return words[field]?.() ?? field;
}
