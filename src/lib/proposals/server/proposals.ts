import type { SupabaseClient } from '@supabase/supabase-js';
import { ask } from '#lib/database/server/ask.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import { contexts, theSealer } from '#lib/people/sealing.ts';
import type { Answer } from '#lib/proposals/call.ts';
import type { OwnProposal, Proposal, ProposalInvitation } from '#lib/proposals/proposal.ts';
import { hashOfToken } from '#lib/people/links.ts';

interface Saved {
	status: string;
	version?: number;
	faults?: string[];
}

/** The reader's own proposals of a Summit. */
export async function myProposals(client: SupabaseClient, summit: string): Promise<OwnProposal[]> {
	return ask(client, 'list_my_proposals', { summit });
}

/** One of the reader's own; null for everybody else's. */
export async function readProposal(client: SupabaseClient, proposal: string): Promise<Proposal | null> {
	return ask(client, 'read_proposal', { proposal });
}

/** Answers ok (with its id) | closed | too_many | not_allowed. */
export async function startProposal(client: SupabaseClient, summit: string): Promise<{ status: string; id?: string }> {
	return ask(client, 'start_proposal', { summit });
}

/** Saves if nobody saved since `version`: ok | conflict | closed | invalid | withdrawn | not_found. */
export async function saveProposal(
	client: SupabaseClient,
	proposal: string,
	fields: Record<string, unknown>,
	version: number
): Promise<Saved> {
	return ask(client, 'save_proposal', { proposal, fields, version });
}

/** Answers ok | already | incomplete | closed | not_found. */
export async function submitProposal(client: SupabaseClient, proposal: string): Promise<Saved> {
	return ask(client, 'submit_proposal', { proposal });
}

/** Answers ok | already | decided | not_found. */
export async function withdrawProposal(client: SupabaseClient, proposal: string): Promise<string> {
	return ask(client, 'withdraw_proposal', { proposal });
}

/** Answers of somebody who is no author: ok | invalid | closed | not_found. */
export async function saveOwnAnswers(
	client: SupabaseClient,
	proposal: string,
	answers: Record<string, Answer>
): Promise<Saved> {
	return ask(client, 'save_own_answers', { proposal, answers });
}

/** Answers ok | already | invalid | limited | closed | not_found, whoever's address it is. */
export async function inviteToProposal(
	client: SupabaseClient,
	values: { proposal: string; role: string; is_author: boolean; display_name: string; letter: object }
): Promise<string> {
	return ask(client, 'invite_to_proposal', values);
}

/** The address and language of an invitation, for those who may send it again; null for others. */
export async function addressOfInvitation(
	client: SupabaseClient,
	entry: string
): Promise<{ address: string; locale: string } | null> {
	if (!(await ask<boolean>(client, 'may_resend_proposal_invitation', { entry }))) return null;
	const [row] = await callPrivate<{ address_sealed: Buffer; key_id: string; locale: string }>(
		'proposal_invitation_address',
		[entry]
	);
	if (!row) return null;
	return { address: theSealer().open(row.address_sealed, row.key_id, contexts.address), locale: row.locale };
}

/** Answers ok | limited | not_found. */
export async function resendProposalLetter(client: SupabaseClient, entry: string, letter: object): Promise<string> {
	return ask(client, 'resend_proposal_invitation', { entry, letter });
}

/** Answers ok | not_found. */
export async function removeProposalPerson(client: SupabaseClient, entry: string): Promise<string> {
	return ask(client, 'remove_proposal_person', { entry });
}

/** What a link invites to; null for one that is unknown, forged or replaced. */
export async function readProposalInvitation(
	client: SupabaseClient,
	token: string
): Promise<ProposalInvitation | null> {
	const hash = hashOfToken(token);
	return hash === null ? null : ask(client, 'read_proposal_invitation', { token_hash: hash });
}

/** Answers ok | already | not_yours | used | expired | declined | not_found. */
export async function answerProposalInvitation(
	client: SupabaseClient,
	token: string,
	accept: boolean
): Promise<{ status: string; proposal_id?: string }> {
	const hash = hashOfToken(token);
	if (hash === null) return { status: 'not_found' };
	return ask(client, 'answer_proposal_invitation', { token_hash: hash, accept });
}
