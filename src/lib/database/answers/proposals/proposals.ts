import { enums } from '#lib/database/types.ts';
import * as v from 'valibot';
import { answer } from '../answer.ts';
import type { Answers, PrivateAnswers } from '../kinds.ts';
import { TextMap } from '../text-map.ts';
import { CallAnswer, CallWindow } from './call.ts';

export const ProposalDecision = v.picklist(['accept', 'waitlist', 'decline']);
export type ProposalDecision = v.InferOutput<typeof ProposalDecision>;

/** One in the reader's own list. */
export const OwnProposal = v.strictObject({
	id: v.string(),
	code: v.string(),
	title: TextMap,
	state: v.picklist(enums.proposal_state),
	/** The decision they were notified of; null before. */
	decision: v.nullable(ProposalDecision),
	is_owner: v.boolean(),
	is_author: v.boolean(),
	role: v.picklist(['speaker', 'chair', 'moderator', 'respondent']),
	updated_at: v.string(),
	lacks: v.number()
});
export type OwnProposal = v.InferOutput<typeof OwnProposal>;

/** A person of a proposal: by the display record once they have joined. */
export const ProposalPerson = v.strictObject({
	id: v.string(),
	role: v.picklist(['speaker', 'chair', 'moderator', 'respondent']),
	is_author: v.boolean(),
	state: v.picklist(['invited', 'expired', 'confirmed', 'declined']),
	name: v.nullable(v.string()),
	affiliation: v.nullable(v.string()),
	address: v.nullable(v.string()),
	is_me: v.boolean(),
	is_owner: v.boolean()
});
export type ProposalPerson = v.InferOutput<typeof ProposalPerson>;

export const Proposal = v.strictObject({
	id: v.string(),
	code: v.string(),
	state: v.picklist(enums.proposal_state),
	decision: v.nullable(ProposalDecision),
	title: TextMap,
	abstract: TextMap,
	content_note: TextMap,
	/** Null for those who are no authors. */
	notes: v.nullable(v.string()),
	format_id: v.nullable(v.string()),
	track_id: v.nullable(v.string()),
	spoken: v.array(v.string()),
	attendance: v.picklist(enums.session_attendance),
	level: v.picklist(enums.confidentiality),
	version: v.number(),
	window: CallWindow,
	late_until: v.nullable(v.string()),
	is_author: v.boolean(),
	is_owner: v.boolean(),
	may_edit: v.boolean(),
	/** What is required before it can be submitted. */
	lacks: v.array(v.string()),
	answers: v.record(v.string(), CallAnswer),
	own_answers: v.record(v.string(), CallAnswer),
	people: v.array(ProposalPerson)
});
export type Proposal = v.InferOutput<typeof Proposal>;

/** What the holder of an invitation's link reads. */
export const ProposalInvitation = v.strictObject({
	state: v.picklist(['sent', 'used', 'expired', 'declined']),
	role: v.picklist(['speaker', 'chair', 'moderator', 'respondent']),
	is_author: v.boolean(),
	until: v.string(),
	summit: v.string(),
	mine: v.nullable(v.boolean()),
	title: v.optional(TextMap),
	invited_by: v.optional(v.nullable(v.string())),
	proposal_id: v.optional(v.string()),
	for: v.optional(v.nullable(v.string()))
});
export type ProposalInvitation = v.InferOutput<typeof ProposalInvitation>;

/** What these functions answer. */
export const answers = {
	list_my_proposals: v.array(OwnProposal),
	read_proposal: v.nullable(Proposal),
	start_proposal: answer({ ok: { id: v.string() } }, 'closed', 'too_many', 'not_allowed'),
	save_proposal: answer(
		{
			ok: { version: v.number() },
			conflict: { version: v.number() },
			/** With the version that was given, since nothing was saved. */
			invalid: { version: v.number(), faults: v.array(v.string()) }
		},
		'closed',
		'withdrawn',
		'not_found'
	),
	submit_proposal: answer({ incomplete: { faults: v.array(v.string()) } }, 'ok', 'already', 'closed', 'not_found'),
	save_own_answers: answer({ invalid: { faults: v.array(v.string()) } }, 'ok', 'closed', 'not_found'),
	read_proposal_invitation: v.nullable(ProposalInvitation),
	answer_proposal_invitation: answer(
		{
			ok: { proposal_id: v.string() },
			already: { proposal_id: v.string() },
			used: { proposal_id: v.string() },
			expired: { proposal_id: v.string() },
			declined: { proposal_id: v.string() }
		},
		'not_yours',
		'not_found'
	)
} satisfies Answers;

/** What these functions of `private` answer: their value, or their row. */
export const privateAnswers = {
	proposal_invitation_address: v.strictObject({
		address_sealed: v.instance(Buffer),
		key_id: v.string(),
		locale: v.string()
	})
} satisfies PrivateAnswers;
