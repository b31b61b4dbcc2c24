import { enums } from '#lib/database/types.ts';
import * as v from 'valibot';
import { answer } from '../answer.ts';
import type { Answers } from '../kinds.ts';
import { TextMap } from '../text-map.ts';
import { Answered } from './call.ts';

/** A proposal as reviewers read it: without its people, unless the call names them. */
export const BlindProposal = v.strictObject({
	id: v.string(),
	code: v.string(),
	title: TextMap,
	abstract: TextMap,
	content_note: TextMap,
	spoken: v.array(v.string()),
	attendance: v.picklist(enums.session_attendance),
	level: v.picklist(enums.confidentiality),
	format: v.nullable(TextMap),
	track: v.nullable(TextMap),
	roles: v.array(v.picklist(['speaker', 'chair', 'moderator', 'respondent'])),
	answers: v.array(Answered),
	people: v.nullable(
		v.array(
			v.strictObject({
				name: v.string(),
				affiliation: v.string(),
				role: v.picklist(['speaker', 'chair', 'moderator', 'respondent'])
			})
		)
	)
});
export type BlindProposal = v.InferOutput<typeof BlindProposal>;

export const Criterion = v.strictObject({
	id: v.string(),
	name: TextMap,
	help: TextMap,
	weight: v.number(),
	position: v.number()
});
export type Criterion = v.InferOutput<typeof Criterion>;

export const SentReview = v.strictObject({
	name: v.string(),
	scores: v.record(v.string(), v.number()),
	comment: v.string(),
	score: v.number()
});
export type SentReview = v.InferOutput<typeof SentReview>;

/** One in the list of those who may invite, under the name that was entered. */
export const InvitedReviewer = v.strictObject({
	id: v.string(),
	display_name: v.string(),
	track_ids: v.array(v.string()),
	until: v.string(),
	invited_at: v.string()
});
export type InvitedReviewer = v.InferOutput<typeof InvitedReviewer>;

/** An invitation to review as its holder reads it; `mine` is null for readers who are signed out. */
export const ReviewerInvitation = v.strictObject({
	state: v.picklist(['open', 'accepted', 'declined', 'withdrawn', 'expired']),
	/** Slug. */
	summit: v.string(),
	/** The link's expiry. */
	until: v.string(),
	/** The end of the reviewing time. */
	access_ends_at: v.string(),
	mine: v.nullable(v.boolean())
});
export type ReviewerInvitation = v.InferOutput<typeof ReviewerInvitation>;

/** One in a reviewer's list. */
export const ReviewEntry = v.strictObject({
	id: v.string(),
	code: v.string(),
	title: TextMap,
	track: v.nullable(TextMap),
	format: v.nullable(TextMap),
	is_assigned: v.boolean(),
	mine: v.picklist(['none', 'kept', 'sent'])
});
export type ReviewEntry = v.InferOutput<typeof ReviewEntry>;

export const ReviewList = v.strictObject({
	criteria: v.array(Criterion),
	is_organiser: v.boolean(),
	/** How many are withheld from this reader. */
	conflicts: v.number(),
	rows: v.array(ReviewEntry)
});
export type ReviewList = v.InferOutput<typeof ReviewList>;

export const Review = answer(
	{
		ok: {
			proposal: BlindProposal,
			criteria: v.array(Criterion),
			/** The decision was sent: nothing changes any more. */
			is_released: v.boolean(),
			mine: v.nullable(
				v.strictObject({
					scores: v.record(v.string(), v.number()),
					comment: v.string(),
					version: v.number(),
					sent_at: v.nullable(v.string())
				})
			),
			/** Null until the reader's own review is sent. */
			others: v.nullable(v.array(SentReview)),
			discussion: v.nullable(
				v.array(
					v.strictObject({
						id: v.string(),
						name: v.nullable(v.string()),
						body: v.string(),
						at: v.string(),
						is_mine: v.boolean()
					})
				)
			)
		}
	},
	'conflict'
);
export type Review = v.InferOutput<typeof Review>;

/** What these functions answer. */
export const answers = {
	list_reviewer_invitations: v.array(InvitedReviewer),
	read_reviewer_invitation: v.nullable(ReviewerInvitation),
	read_reviews: v.nullable(ReviewList),
	read_review: v.nullable(Review),
	save_review: answer(
		{
			ok: { version: v.number() },
			/** Null: the review was not saved yet. */
			changed_meanwhile: { version: v.nullable(v.number()) },
			incomplete: { version: v.number() }
		},
		'conflict',
		'invalid',
		'closed',
		'not_found'
	)
} satisfies Answers;
