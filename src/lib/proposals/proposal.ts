/* A proposal for the agenda, as its own people read it. No I/O. */
import { m } from '#lib/i18n/messages.ts';
import type { Attendance } from '#lib/agenda/session.ts';
import type { ProposalDecision, ProposalPerson } from '#lib/database/answers/proposals/proposals.ts';

export type {
	ProposalDecision,
	OwnProposal,
	Proposal,
	ProposalInvitation
} from '#lib/database/answers/proposals/proposals.ts';

export const partRoles = ['speaker', 'chair', 'moderator', 'respondent'] as const;
export const attendances = ['hall_and_online', 'hall', 'online'] as const satisfies readonly Attendance[];

type ProposalState = 'draft' | 'submitted' | 'withdrawn';

/** The state of a proposal, in its people's words. */
export function proposalWord({ state, decision }: { state: ProposalState; decision: ProposalDecision | null }): string {
	const words = {
		draft: m.proposals_state_draft,
		submitted: m.proposals_state_submitted,
		withdrawn: m.proposals_state_withdrawn,
		accept: m.proposals_state_accept,
		waitlist: m.proposals_state_waitlist,
		decline: m.proposals_state_decline
	};
	return words[state === 'withdrawn' ? state : (decision ?? state)]();
}

/** The icon beside that word. */
export function proposalSign({ state, decision }: { state: ProposalState; decision: ProposalDecision | null }) {
	if (state === 'withdrawn') return 'ended' as const;
	if (decision === 'accept') return 'good' as const;
	if (decision === 'decline') return 'bad' as const;
	if (decision === 'waitlist') return 'queue' as const;
	return state === 'draft' ? ('draft' as const) : ('waiting' as const);
}

/** The state of a person's part. */
export function personWord(state: ProposalPerson['state']): string {
	return {
		invited: m.proposals_person_invited,
		expired: m.proposals_person_expired,
		confirmed: m.proposals_person_confirmed,
		declined: m.proposals_person_declined
	}[state]();
}
