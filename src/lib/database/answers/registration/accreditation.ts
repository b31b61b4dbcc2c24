import { enums } from '#lib/database/types.ts';
import * as v from 'valibot';
import { answer } from '../answer.ts';
import type { Answers } from '../kinds.ts';
import { categoryRefusals } from '../help-desk.ts';
import { InformationRequest, MyRegistration } from './registration.ts';

/** What one person can propose to a second. */
export const Proposed = v.picklist(['accredit', 'decline', 'accept_change', 'change_category']);
export type Proposed = v.InferOutput<typeof Proposed>;

export const WaitReason = v.picklist(['payment', 'guardian', 'person', 'organiser', 'second', 'seat']);
export type WaitReason = v.InferOutput<typeof WaitReason>;

/** One row of the list. */
export const ListedRegistration = v.strictObject({
	id: v.string(),
	reference: v.string(),
	display_name: v.string(),
	office: v.string(),
	member: v.nullable(v.string()),
	sector: v.nullable(v.picklist(enums.sector)),
	region: v.nullable(v.string()),
	country: v.nullable(v.string()),
	category: v.string(),
	pool: v.nullable(v.string()),
	mode: v.picklist(enums.attendance_mode),
	state: v.picklist(enums.registration_state),
	state_since: v.string(),
	submitted_at: v.nullable(v.string()),
	has_alias: v.boolean(),
	queue_position: v.nullable(v.number()),
	queue_reason: v.optional(v.nullable(v.picklist(enums.queue_reason))),
	held_until: v.nullable(v.string()),
	/** "Mine is not listed" is still unanswered. */
	has_request: v.optional(v.boolean()),
	/** Under 18, not submitted, and waiting for the guardian’s consent. */
	wants_guardian: v.optional(v.boolean()),
	notes: v.number(),
	/** A proposal that a second person has not confirmed. */
	proposal: v.nullable(Proposed),
	proposed_at: v.nullable(v.string()),
	is_own_proposal: v.nullable(v.boolean()),
	question: v.nullable(v.picklist(['open', 'unanswered', 'answered'])),
	question_until: v.nullable(v.string()),
	re_review_since: v.nullable(v.string()),
	waits: v.nullable(WaitReason),
	/** In its state for longer than the Summit allows. */
	is_late: v.boolean()
});
export type ListedRegistration = v.InferOutput<typeof ListedRegistration>;

/** One row of the list in a file, without the number of notes. */
export const ExportedRegistration = v.strictObject({
	...v.omit(ListedRegistration, ['notes']).entries,
	affiliation: v.string(),
	flags: v.array(v.string()),
	/** The values of answers, by question. */
	answers: v.record(v.string(), v.array(v.string()))
});
export type ExportedRegistration = v.InferOutput<typeof ExportedRegistration>;

/** A page of the list, how many there are, and how many there would be with each value of each filter. */
export const RegistrationList = v.strictObject({
	total: v.number(),
	/** How many rows come before the page. */
	start: v.number(),
	rows: v.array(ListedRegistration),
	next: v.nullable(v.string()),
	previous: v.nullable(v.string()),
	facets: v.record(v.string(), v.record(v.string(), v.number())),
	counts: v.record(
		v.union([v.picklist(['to_decide', 'queued', 'requests', 'guardians']), v.picklist(enums.registration_state)]),
		v.number()
	),
	pools: v.record(v.string(), v.string()),
	/** The name of the member that is asked for. */
	member: v.nullable(v.string()),
	aim_days: v.number()
});
export type RegistrationList = v.InferOutput<typeof RegistrationList>;

/** A decision that one person proposed, with the second person's answer. */
export const DecisionProposal = v.strictObject({
	id: v.string(),
	decision: Proposed,
	/** With change_category: the category, and whose seat; null: a pool's. */
	category: v.nullable(v.string()),
	member: v.nullable(v.string()),
	reason: v.string(),
	state: v.picklist(['open', 'confirmed', 'rejected', 'withdrawn', 'cancelled']),
	answer: v.string(),
	by: v.nullable(v.string()),
	at: v.string(),
	/** Proposed by the reader, or by another person record of the same human. */
	own: v.boolean(),
	closed_by: v.nullable(v.string()),
	closed_at: v.nullable(v.string())
});
export type DecisionProposal = v.InferOutput<typeof DecisionProposal>;

/** A note of the organisers; its text is null once it was erased. */
export const RegistrationNote = v.strictObject({
	id: v.number(),
	at: v.string(),
	author: v.nullable(v.string()),
	for_safeguarding: v.boolean(),
	note: v.nullable(v.string())
});
export type RegistrationNote = v.InferOutput<typeof RegistrationNote>;

/** What changed after accreditation; values are omitted where the reader may not see them. */
export const ReReview = v.strictObject({
	fields: v.array(v.string()),
	old: v.optional(v.record(v.string(), v.nullable(v.string()))),
	new: v.optional(v.record(v.string(), v.nullable(v.string()))),
	opened_at: v.string(),
	/** Door and stage are blocked by it. */
	is_paused: v.boolean()
});
export type ReReview = v.InferOutput<typeof ReReview>;

/** A registration for organisers who accredit. */
export const ReadRegistration = v.strictObject({
	...v.omit(MyRegistration, ['badge', 'protection', 'forbids_photographs']).entries,
	has_alias: v.boolean(),
	wants_talk: v.boolean(),
	/** The reader's own, or of a person they act for: not theirs to decide. */
	is_own: v.boolean(),
	/** Seats of the member in the requested mode. */
	seats: v.nullable(
		v.strictObject({
			ceiling: v.nullable(v.number()),
			used: v.number()
		})
	),
	request_id: v.nullable(v.string()),
	/** The decisions that need two people. */
	second: v.strictObject({
		accredit: v.boolean(),
		decline: v.boolean()
	}),
	proposals: v.array(DecisionProposal),
	information: v.array(InformationRequest),
	notes: v.array(RegistrationNote),
	re_review: v.nullable(ReReview)
});
export type ReadRegistration = v.InferOutput<typeof ReadRegistration>;

export const AccreditationDecision = v.picklist(['accredit', 'decline', 'accept_change', 'confirm', 'reject']);
export type AccreditationDecision = v.InferOutput<typeof AccreditationDecision>;

/** What deciding on one registration answers. */
const OutcomeStatus = v.picklist([
	'confirmed',
	'awaiting_payment',
	'accredited',
	'declined',
	'change_accepted',
	'category_changed',
	'proposed',
	'rejected',
	'withdrawn',
	'not_allowed',
	'reason_needed',
	'wrong_state',
	'proposal_open',
	'no_proposal',
	'second_person_needed',
	'proposer_left',
	'needs_safeguarding',
	'failed',
	...categoryRefusals,
	'no_seat'
]);

/** The decision that was made or proposed before, where there is one. */
const Former = {
	/** The first decider. */
	by: v.optional(v.nullable(v.string())),
	at: v.optional(v.nullable(v.string())),
	own: v.optional(v.boolean()),
	/** The state that it led to. */
	state: v.optional(v.picklist(enums.registration_state)),
	/** What is proposed. */
	decision: v.optional(Proposed)
};

/** The result of a decision. */
export const DecisionOutcome = v.strictObject({
	status: OutcomeStatus,
	...Former
});
export type DecisionOutcome = v.InferOutput<typeof DecisionOutcome>;

/** One of those chosen: what came of it (`status`), or what would (`expected`). */
export const ChosenRegistration = v.strictObject({
	...Former,
	id: v.string(),
	reference: v.string(),
	display_name: v.string(),
	member: v.nullable(v.string()),
	status: v.optional(OutcomeStatus),
	expected: v.optional(v.picklist(['own', ...OutcomeStatus.options]))
});
export type ChosenRegistration = v.InferOutput<typeof ChosenRegistration>;

/** Those chosen for one decision, and how far it is. */
export const Batch = v.strictObject({
	id: v.string(),
	summit_id: v.string(),
	decision: AccreditationDecision,
	reason: v.nullable(v.string()),
	count: v.number(),
	done: v.number(),
	rows: v.array(ChosenRegistration)
});
export type Batch = v.InferOutput<typeof Batch>;

/** A person about whom a note for safeguarding exists. */
export const NotedPerson = v.strictObject({
	registration_id: v.string(),
	reference: v.string(),
	display_name: v.string(),
	state: v.picklist(enums.registration_state),
	notes: v.array(RegistrationNote)
});
export type NotedPerson = v.InferOutput<typeof NotedPerson>;

/** What these functions answer. */
export const answers = {
	request_information: answer({ ok: { id: v.string() } }, 'already', 'invalid', 'wrong_state', 'not_allowed'),
	list_registrations: v.nullable(RegistrationList),
	export_registrations: v.nullable(v.array(ExportedRegistration)),
	read_registration: v.nullable(ReadRegistration),
	decide_registrations: v.array(v.strictObject({ ...DecisionOutcome.entries, id: v.string() })),
	create_decision_batch: answer(
		{ ok: { id: v.string(), count: v.number() }, too_many: { count: v.number() } },
		'nobody',
		'not_allowed'
	),
	read_decision_batch: v.nullable(Batch),
	decide_next_of_batch: answer({ ok: { done: v.number(), left: v.number() } }, 'reason_needed', 'not_found'),
	list_safeguarding_notes: v.nullable(v.array(NotedPerson))
} satisfies Answers;
