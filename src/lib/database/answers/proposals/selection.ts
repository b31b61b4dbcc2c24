import { enums } from '#lib/database/types.ts';
import * as v from 'valibot';
import { answer } from '../answer.ts';
import type { Answers } from '../kinds.ts';
import { TextMap } from '../text-map.ts';
import { Answered } from './call.ts';
import { ProposalDecision } from './proposals.ts';
import { BlindProposal, Criterion, SentReview } from './reviews.ts';

/** Why an organiser sees no score: a conflict of interest, or their own review is not sent yet. */
export const Withheld = v.nullable(v.picklist(['conflict', 'review_first']));
export type Withheld = v.InferOutput<typeof Withheld>;

export const SelectionProposal = v.strictObject({
	id: v.string(),
	code: v.string(),
	title: TextMap,
	state: v.picklist(['submitted', 'withdrawn']),
	level: v.picklist(enums.confidentiality),
	attendance: v.picklist(enums.session_attendance),
	format_id: v.nullable(v.string()),
	track_id: v.nullable(v.string()),
	decision: v.nullable(ProposalDecision),
	/** The decision that its people were notified of. */
	released_decision: v.nullable(ProposalDecision),
	version: v.number(),
	session_id: v.nullable(v.string()),
	brings_survivors: v.boolean(),
	withheld: Withheld,
	score: v.nullable(v.number()),
	spread: v.nullable(v.number()),
	normalised: v.nullable(v.number()),
	reviews: v.nullable(v.number()),
	assigned: v.number(),
	/** It has waited two weeks without a review. */
	is_stale: v.boolean(),
	people: v.array(
		v.strictObject({
			name: v.nullable(v.string()),
			affiliation: v.nullable(v.string()),
			role: v.picklist(['speaker', 'chair', 'moderator', 'respondent']),
			state: v.string()
		})
	)
});
export type SelectionProposal = v.InferOutput<typeof SelectionProposal>;

/** A count that is null is below the smallest group that the Summit shows. */
export const Balance = v.strictObject({
	accepted: v.number(),
	sector: v.array(
		v.strictObject({
			label: v.nullable(v.string()),
			count: v.nullable(v.number())
		})
	),
	region: v.array(
		v.strictObject({
			label: v.nullable(v.string()),
			count: v.nullable(v.number())
		})
	),
	track: v.array(
		v.strictObject({
			name: TextMap,
			count: v.number()
		})
	),
	survivors: v.nullable(v.number()),
	questions: v.array(
		v.strictObject({
			label: TextMap,
			choices: v.array(
				v.strictObject({
					label: TextMap,
					count: v.nullable(v.number())
				})
			)
		})
	)
});
export type Balance = v.InferOutput<typeof Balance>;

export const Choices = v.strictObject({
	rows: v.array(SelectionProposal),
	balance: Balance,
	drafts: v.number(),
	held: v.strictObject({
		mails: v.number(),
		proposals: v.number()
	})
});
export type Choices = v.InferOutput<typeof Choices>;

/** One proposal with all that its authors wrote. */
export const ChosenProposal = v.strictObject({
	...v.omit(BlindProposal, ['people']).entries,
	state: v.picklist(['submitted', 'withdrawn']),
	notes: v.string(),
	submitted_at: v.string(),
	withheld: Withheld,
	brings_survivors: v.boolean(),
	decision: v.nullable(
		v.strictObject({
			decision: v.nullable(ProposalDecision),
			released_decision: v.nullable(ProposalDecision),
			version: v.number(),
			session_id: v.nullable(v.string()),
			held: v.number()
		})
	),
	people: v.array(
		v.strictObject({
			name: v.nullable(v.string()),
			office: v.nullable(v.string()),
			affiliation: v.nullable(v.string()),
			country: v.nullable(v.string()),
			role: v.picklist(['speaker', 'chair', 'moderator', 'respondent']),
			state: v.picklist(enums.participation_state),
			is_author: v.boolean(),
			answers: v.array(Answered)
		})
	),
	reviewers: v.array(
		v.strictObject({
			person: v.string(),
			name: v.string(),
			sent: v.boolean()
		})
	),
	criteria: v.array(Criterion),
	reviews: v.nullable(v.array(SentReview))
});
export type ChosenProposal = v.InferOutput<typeof ChosenProposal>;

/** The committee, as organisers see it. */
export const Committee = v.strictObject({
	criteria: v.array(Criterion),
	proposals: v.number(),
	unassigned: v.number(),
	reviewers: v.array(
		v.strictObject({
			person: v.string(),
			name: v.string(),
			affiliation: v.string(),
			track_ids: v.array(v.string()),
			/** Reads until then; null: without an end. */
			until: v.nullable(v.string()),
			assigned: v.number(),
			sent: v.number(),
			reminded_at: v.nullable(v.string())
		})
	)
});
export type Committee = v.InferOutput<typeof Committee>;

/** What these functions answer. */
export const answers = {
	read_selection: v.nullable(Choices),
	read_selection_proposal: v.nullable(ChosenProposal),
	decide_proposals: v.array(
		v.strictObject({
			id: v.string(),
			status: v.picklist(['ok', 'same', 'changed_meanwhile', 'released', 'withdrawn', 'conflict', 'not_found'])
		})
	),
	release_decisions: v.strictObject({
		released: v.number(),
		mails: v.number()
	}),
	read_committee: v.nullable(Committee),
	save_criterion: answer({ ok: { id: v.string() } }, 'not_allowed', 'invalid', 'not_found'),
	assign_reviewer: v.strictObject({
		assigned: v.number(),
		conflicts: v.number()
	}),
	assign_reviews_evenly: v.strictObject({
		assigned: v.number(),
		short: v.number()
	})
} satisfies Answers;
