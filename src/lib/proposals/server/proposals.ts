import type { AnswerOf } from '#lib/database/calls.ts';
import type { DataClient } from '#lib/database/client.ts';
import type { Enums } from '#lib/database/types.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import { contexts, theSealer } from '#lib/people/sealing.ts';
import type { CallAnswer } from '#lib/proposals/call.ts';
import type { OwnProposal, Proposal, ProposalInvitation } from '#lib/proposals/proposal.ts';
import { hashOfToken } from '#lib/people/links.ts';

/** The reader's own proposals of a Summit. */
export async function myProposals(client: DataClient, summit: string): Promise<OwnProposal[]> {
	return rpc(client, 'list_my_proposals', { summit });
}

/** One of the reader's own; null for proposals of others. */
export async function readProposal(client: DataClient, proposal: string): Promise<Proposal | null> {
	return rpc(client, 'read_proposal', { proposal });
}

/** Starts a draft. */
export async function startProposal(client: DataClient, summit: string): Promise<AnswerOf<'start_proposal'>> {
	return rpc(client, 'start_proposal', { summit });
}

/** Saves if nobody has saved since `version`. */
export async function saveProposal(
	client: DataClient,
	proposal: string,
	fields: Record<string, unknown>,
	version: number
): Promise<AnswerOf<'save_proposal'>> {
	return rpc(client, 'save_proposal', { proposal, fields, version });
}

/** Submits a complete draft. */
export async function submitProposal(client: DataClient, proposal: string): Promise<AnswerOf<'submit_proposal'>> {
	return rpc(client, 'submit_proposal', { proposal });
}

/** Withdraws a proposal. */
export async function withdrawProposal(client: DataClient, proposal: string) {
	return rpc(client, 'withdraw_proposal', { proposal });
}

/** Answers of a person who is not the author. */
export async function saveOwnAnswers(
	client: DataClient,
	proposal: string,
	answers: Record<string, CallAnswer>
): Promise<AnswerOf<'save_own_answers'>> {
	return rpc(client, 'save_own_answers', { proposal, answers });
}

/** Invites an address to a proposal. The answer is the same whether or not anybody has it. */
export async function inviteToProposal(
	client: DataClient,
	values: {
		proposal: string;
		role: Enums<'session_role'>;
		is_author: boolean;
		display_name: string;
		letter: object;
	}
) {
	return rpc(client, 'invite_to_proposal', values);
}

/** The address and language of an invitation, for people who may send it again; null for others. */
export async function addressOfInvitation(
	client: DataClient,
	entry: string
): Promise<{ address: string; locale: string } | null> {
	if (!(await rpc(client, 'may_resend_proposal_invitation', { entry }))) return null;
	const [row] = await callPrivate('proposal_invitation_address', [entry]);
	if (!row) return null;
	return { address: theSealer().open(row.address_sealed, row.key_id, contexts.address), locale: row.locale };
}

/** Sends such an invitation again, with a new link. */
export async function resendProposalLetter(client: DataClient, entry: string, letter: object) {
	return rpc(client, 'resend_proposal_invitation', { entry, letter });
}

/** Removes a person from a proposal, or withdraws their invitation. */
export async function removeProposalPerson(client: DataClient, entry: string) {
	return rpc(client, 'remove_proposal_person', { entry });
}

/** The proposal of an invitation link; null for an unknown, forged or replaced link. */
export async function readProposalInvitation(client: DataClient, token: string): Promise<ProposalInvitation | null> {
	const hash = hashOfToken(token);
	return hash === null ? null : rpc(client, 'read_proposal_invitation', { token_hash: hash });
}

/** Accepts or declines an invitation. */
export async function answerProposalInvitation(
	client: DataClient,
	token: string,
	accept: boolean
): Promise<AnswerOf<'answer_proposal_invitation'>> {
	const hash = hashOfToken(token);
	if (hash === null) return { status: 'not_found' };
	return rpc(client, 'answer_proposal_invitation', { token_hash: hash, accept });
}
