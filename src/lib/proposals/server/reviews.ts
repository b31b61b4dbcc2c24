import type { AnswerOf } from '#lib/database/calls.ts';
import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import type { Review, ReviewList } from '#lib/proposals/reviews.ts';

/** The proposals assigned to the reader; null for people outside the committee. */
export async function readReviews(client: DataClient, summit: string): Promise<ReviewList | null> {
	return rpc(client, 'read_reviews', { summit });
}

/** One proposal and the parts of its reviews that the reader may read; null when it is not assigned to them. */
export async function readReview(client: DataClient, proposal: string): Promise<Review | null> {
	return rpc(client, 'read_review', { proposal });
}

/** Saves the reader's review, or sends it. */
export async function saveReview(
	client: DataClient,
	review: { proposal: string; scores: Record<string, number>; comment: string; send: boolean; version: number }
): Promise<AnswerOf<'save_review'>['status']> {
	return (await rpc(client, 'save_review', review)).status;
}

/** Declares the reader's conflict of interest. */
export async function declareConflict(client: DataClient, proposal: string, reason: string) {
	return rpc(client, 'declare_conflict', { proposal, reason });
}

/** Adds a message to the discussion of a proposal. */
export async function discussProposal(client: DataClient, proposal: string, body: string) {
	return rpc(client, 'discuss_proposal', { proposal, body });
}
