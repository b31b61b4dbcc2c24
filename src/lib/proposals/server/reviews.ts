import type { SupabaseClient } from '@supabase/supabase-js';
import { ask } from '#lib/database/server/ask.ts';
import type { Review, ReviewList } from '#lib/proposals/reviews.ts';

/** What is assigned to the reader; null for those who are not on the committee. */
export async function readReviews(client: SupabaseClient, summit: string): Promise<ReviewList | null> {
	return ask(client, 'read_reviews', { summit });
}

/** One proposal and what of its reviews the reader may read; null when it is none of theirs. */
export async function readReview(client: SupabaseClient, proposal: string): Promise<Review | null> {
	return ask(client, 'read_review', { proposal });
}

/** Answers ok | conflict | changed_meanwhile | incomplete | invalid | closed | not_found. */
export async function saveReview(
	client: SupabaseClient,
	review: { proposal: string; scores: Record<string, number>; comment: string; send: boolean; version: number }
): Promise<string> {
	return (await ask<{ status: string }>(client, 'save_review', review)).status;
}

/** Answers ok | not_found. */
export async function declareConflict(client: SupabaseClient, proposal: string, reason: string): Promise<string> {
	return ask(client, 'declare_conflict', { proposal, reason });
}

/** Answers ok | invalid | limited | not_found. */
export async function discussProposal(client: SupabaseClient, proposal: string, body: string): Promise<string> {
	return ask(client, 'discuss_proposal', { proposal, body });
}
