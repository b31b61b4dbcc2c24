/* A proposal for the agenda, as its own people read it. No I/O. */
import { m } from '#lib/i18n/messages.ts';
import type { Decision, ProposalPerson } from '#lib/database/answers/proposals/proposals.ts';

export type { Decision, OwnProposal, Proposal, ProposalInvitation } from '#lib/database/answers/proposals/proposals.ts';

export const partRoles = ['speaker', 'chair', 'moderator', 'respondent'] as const;
export type PartRole = (typeof partRoles)[number];
export const attendances = ['hall_and_online', 'hall', 'online'] as const;
export type Attendance = (typeof attendances)[number];

type ProposalState = 'draft' | 'submitted' | 'withdrawn';

/** The state of a proposal, in its people's words. */
export function proposalWord({ state, decision }: { state: ProposalState; decision: Decision | null }): string {
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
export function proposalSign({ state, decision }: { state: ProposalState; decision: Decision | null }) {
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

/** The preferred mode. */
export function attendanceWord(attendance: Attendance): string {
	return {
		hall_and_online: m.proposals_attendance_hall_and_online,
		hall: m.proposals_attendance_hall,
		online: m.proposals_attendance_online
	}[attendance]();
}
