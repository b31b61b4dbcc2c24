import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { hashOfToken, linkedAddress } from '#lib/people/links.ts';
import type { InvitedReviewer, ReviewerInvitation } from '#lib/proposals/reviews.ts';

/**
 * Invites a person to review, by address, until an instant. The answer is the same whether or not anybody has the
 * address.
 */
export function inviteReviewer(
	client: DataClient,
	summit: string,
	values: { address: string; display_name: string; tracks: readonly string[]; until: string }
) {
	return rpc(client, 'invite_reviewer', { summit, ...values, address: linkedAddress(values.address) });
}

/** Open invitations; none for all but programme organisers. */
export function listReviewerInvitations(client: DataClient, summit: string): Promise<InvitedReviewer[]> {
	return rpc(client, 'list_reviewer_invitations', { summit });
}

/** Withdraws such an invitation. */
export function withdrawReviewerInvitation(client: DataClient, invitation: string) {
	return rpc(client, 'withdraw_reviewer_invitation', { invitation });
}

/** The invitation behind a link; null for an unknown or forged link. */
export async function readReviewerInvitation(client: DataClient, token: string): Promise<ReviewerInvitation | null> {
	const token_hash = hashOfToken(token);
	return token_hash === null ? null : rpc(client, 'read_reviewer_invitation', { token_hash });
}

/** Accepts or declines one; answers its state when it is no longer open. */
export async function answerReviewerInvitation(client: DataClient, token: string, accept: boolean) {
	const token_hash = hashOfToken(token);
	return token_hash === null ? 'not_found' : rpc(client, 'answer_reviewer_invitation', { token_hash, accept });
}
