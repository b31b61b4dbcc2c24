import type { SupabaseClient } from '@supabase/supabase-js';
import { ask } from '#lib/database/server/ask.ts';
import { hashOfToken, linkedAddress } from '#lib/people/links.ts';
import type { InvitedReviewer, ReviewerInvitation } from '#lib/proposals/reviews.ts';

/** Invites somebody to review, by address, until an instant. Answers ok | not_allowed | invalid | limited, whoever's address it is. */
export function inviteReviewer(
	client: SupabaseClient,
	summit: string,
	values: { address: string; display_name: string; tracks: readonly string[]; until: string }
): Promise<string> {
	return ask(client, 'invite_reviewer', { summit, ...values, address: linkedAddress(values.address) });
}

/** Invitations that wait for an answer; none for all but programme organisers. */
export function listReviewerInvitations(client: SupabaseClient, summit: string): Promise<InvitedReviewer[]> {
	return ask(client, 'list_reviewer_invitations', { summit });
}

/** Answers ok | not_allowed. */
export function withdrawReviewerInvitation(client: SupabaseClient, invitation: string): Promise<string> {
	return ask(client, 'withdraw_reviewer_invitation', { invitation });
}

/** What a link leads to; null for one that is unknown or forged. */
export async function readReviewerInvitation(
	client: SupabaseClient,
	token: string
): Promise<ReviewerInvitation | null> {
	const token_hash = hashOfToken(token);
	return token_hash === null ? null : ask(client, 'read_reviewer_invitation', { token_hash });
}

/** Answers ok | not_yours | not_found, or the state that it is in. */
export async function answerReviewerInvitation(
	client: SupabaseClient,
	token: string,
	accept: boolean
): Promise<string> {
	const token_hash = hashOfToken(token);
	return token_hash === null ? 'not_found' : ask(client, 'answer_reviewer_invitation', { token_hash, accept });
}
