/* A proposal for the agenda, as its own people read it. No I/O. */
import type { TextMap } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import type { Level } from '#lib/ui/level.ts';
import type { Answer, CallWindow } from './call.ts';

export const partRoles = ['speaker', 'chair', 'moderator', 'respondent'] as const;
export type PartRole = (typeof partRoles)[number];
export const attendances = ['hall_and_online', 'hall', 'online'] as const;
export type Attendance = (typeof attendances)[number];
export type Decision = 'accept' | 'waitlist' | 'decline';
type ProposalState = 'draft' | 'submitted' | 'withdrawn';

/** One in the reader's own list. */
export interface OwnProposal {
	id: string;
	code: string;
	title: TextMap;
	state: ProposalState;
	/** The decision they were notified of; null before. */
	decision: Decision | null;
	is_owner: boolean;
	is_author: boolean;
	role: PartRole;
	updated_at: string;
	lacks: number;
}

/** A person of a proposal: by the display record once they have joined. */
interface ProposalPerson {
	id: string;
	role: PartRole;
	is_author: boolean;
	state: 'invited' | 'expired' | 'confirmed' | 'declined';
	name: string | null;
	affiliation: string | null;
	address: string | null;
	is_me: boolean;
	is_owner: boolean;
}

export interface Proposal {
	id: string;
	code: string;
	state: ProposalState;
	decision: Decision | null;
	title: TextMap;
	abstract: TextMap;
	content_note: TextMap;
	/** Null for those who are no authors. */
	notes: string | null;
	format_id: string | null;
	track_id: string | null;
	spoken: string[];
	attendance: Attendance;
	level: Level;
	version: number;
	window: CallWindow;
	late_until: string | null;
	is_author: boolean;
	is_owner: boolean;
	may_edit: boolean;
	/** What is required before it can be submitted. */
	lacks: string[];
	answers: Record<string, Answer>;
	own_answers: Record<string, Answer>;
	people: ProposalPerson[];
}

/** What the holder of an invitation's link reads. */
export interface ProposalInvitation {
	state: 'sent' | 'used' | 'expired' | 'declined';
	role: PartRole;
	is_author: boolean;
	until: string;
	summit: string;
	mine: boolean | null;
	title?: TextMap;
	invited_by?: string | null;
	proposal_id?: string;
	for?: string | null;
}

/** The state of a proposal, in its people's words. */
export function proposalWord({ state, decision }: { state: ProposalState; decision: Decision | null }): string {
	const words = {
		draft: m.propose_state_draft,
		submitted: m.propose_state_submitted,
		withdrawn: m.propose_state_withdrawn,
		accept: m.propose_state_accept,
		waitlist: m.propose_state_waitlist,
		decline: m.propose_state_decline
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
		invited: m.propose_person_invited,
		expired: m.propose_person_expired,
		confirmed: m.propose_person_confirmed,
		declined: m.propose_person_declined
	}[state]();
}

/** The preferred mode. */
export function attendanceWord(attendance: Attendance): string {
	return {
		hall_and_online: m.propose_attendance_hall_and_online,
		hall: m.propose_attendance_hall,
		online: m.propose_attendance_online
	}[attendance]();
}
