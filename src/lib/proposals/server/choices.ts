import type { AnswerOf } from '#lib/database/calls.ts';
import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import type { Choices, ChosenProposal, Committee } from '#lib/proposals/choices.ts';
import type { ProposalDecision } from '#lib/proposals/proposal.ts';

/** All proposals that were sent, with scores and balance; null for all but programme organisers. */
export async function readSelection(client: DataClient, summit: string): Promise<Choices | null> {
	return rpc(client, 'read_selection', { summit });
}

/** One proposal with everything that its authors wrote; null for all but programme organisers. */
export async function readChoice(client: DataClient, proposal: string): Promise<ChosenProposal | null> {
	return rpc(client, 'read_selection_proposal', { proposal });
}

/** Decides on each, or undoes its decision (null). */
export async function decideProposals(
	client: DataClient,
	summit: string,
	choices: readonly { id: string; version: number }[],
	decision: ProposalDecision | null
): Promise<AnswerOf<'decide_proposals'>> {
	return rpc(client, 'decide_proposals', { summit, choices, decision });
}

/** Announces decisions: mails are sent, and sessions get their people. */
export async function releaseDecisions(
	client: DataClient,
	summit: string,
	ids: readonly string[] | null = null
): Promise<{ released: number; mails: number }> {
	return rpc(client, 'release_decisions', { summit, ids });
}

/** Marks whether a proposal gives survivors a voice. */
export async function markProposal(client: DataClient, proposal: string, bringsSurvivors: boolean) {
	return rpc(client, 'mark_proposal', { proposal, brings_survivors: bringsSurvivors });
}

/** The committee; null for all but programme organisers. */
export async function readCommittee(client: DataClient, summit: string): Promise<Committee | null> {
	return rpc(client, 'read_committee', { summit });
}

/** Adds a person to the committee, or changes which tracks they review. */
export async function saveReviewer(client: DataClient, summit: string, person: string, tracks: readonly string[]) {
	return rpc(client, 'save_reviewer', { summit, person, tracks });
}

/** Removes a person from the committee. */
export async function endReviewer(client: DataClient, summit: string, person: string) {
	return rpc(client, 'end_reviewer', { summit, person });
}

/** Saves a criterion; null: a new one. */
export async function saveCriterion(
	client: DataClient,
	summit: string,
	criterion: string | null,
	fields: Record<string, unknown>
): Promise<AnswerOf<'save_criterion'>['status']> {
	return (await rpc(client, 'save_criterion', { summit, criterion, fields })).status;
}

/** Removes a criterion. */
export async function removeCriterion(client: DataClient, summit: string, criterion: string) {
	return rpc(client, 'remove_criterion', { summit, criterion });
}

/** Assigns these proposals to this reviewer, except those in conflict. */
export async function assignReviewer(
	client: DataClient,
	summit: string,
	proposals: readonly string[],
	person: string
): Promise<{ assigned: number; conflicts: number }> {
	return rpc(client, 'assign_reviewer', { summit, proposals, person });
}

/** Ends an assignment; a review that was sent keeps its reviewer. */
export async function unassignReviewer(client: DataClient, proposal: string, person: string) {
	return rpc(client, 'unassign_reviewer', { proposal, person });
}

/** Assigns each proposal to so many reviewers; `short`: the number of proposals with too few. */
export async function balanceReviews(
	client: DataClient,
	summit: string,
	each: number
): Promise<{ assigned: number; short: number }> {
	return rpc(client, 'assign_reviews_evenly', { summit, each });
}

/** Reminds each reviewer who has something left to read, at most once a day. Answers how many. */
export async function remindReviewers(client: DataClient, summit: string): Promise<number> {
	return rpc(client, 'remind_reviewers', { summit });
}
