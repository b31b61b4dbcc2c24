/* The desk's tabs, its rows and the possible decisions. No I/O. */
import { type Sector } from '#lib/members/member.ts';
import { type Waits } from './accreditation-list.ts';
import { type Mode, type MyRegistration, type QueueReason, type RegistrationState } from './registration.ts';

/** The tabs, each a question. `rare`: shown only when it is not empty. */
export const questions = [
	{ key: 'decide', label: 'To decide' },
	{ key: 'second', label: 'Second person', rare: true },
	{ key: 'waiting', label: 'Waiting for someone' },
	{ key: 'revet', label: 'Changed since', rare: true },
	{ key: 'guardian', label: 'Waits for a guardian', rare: true },
	{ key: 'queue', label: 'In the queue' },
	{ key: 'confirmed', label: 'Confirmed' },
	{ key: 'ended', label: 'Declined or ended' },
	{ key: 'draft', label: 'Not sent' },
	{ key: 'all', label: 'Everyone' }
] as const satisfies readonly { key: string; label: string; rare?: boolean }[];
export type Question = (typeof questions)[number]['key'];

/** The possible decisions in a tab. */
export const decisions = ['accredit', 'decline', 'revet', 'confirm', 'reject'] as const;
export type Decision = (typeof decisions)[number];

/** The bulk decisions, by tab. */
export function decisionsFor(question: Question): readonly Decision[] {
	switch (question) {
		case 'second':
			return ['confirm', 'reject'];
		case 'revet':
			return ['revet', 'decline'];
		case 'guardian':
		case 'draft':
		case 'ended':
			return [];
		case 'confirmed':
			return ['decline'];
		default:
			return ['accredit', 'decline'];
	}
}

/** What one person can propose to a second. */
export type Proposed = 'accredit' | 'decline' | 'revet' | 'recategorise';

/** The text of a decision's button. */
export const decisionWords: Record<Decision, string> = {
	accredit: 'Accredit',
	decline: 'Decline',
	revet: 'Accept the change',
	confirm: 'Confirm the proposal',
	reject: 'Reject the proposal'
};

/** One row of the list. */
export interface ListedRegistration {
	id: string;
	reference: string;
	display_name: string;
	office: string;
	member: string | null;
	sector: Sector | null;
	region: string | null;
	country: string | null;
	category: string;
	pool: string | null;
	mode: Mode;
	state: RegistrationState;
	state_since: string;
	submitted_at: string | null;
	has_alias: boolean;
	queue_position: number | null;
	queue_reason?: QueueReason | null;
	held_until: string | null;
	/** "Mine is not listed" is still unanswered. */
	has_request?: boolean;
	/** Under 18, not submitted, and waiting for the guardian’s consent. */
	wants_guardian?: boolean;
	notes: number;
	/** A proposal that a second person has not confirmed. */
	proposal: Proposed | null;
	proposed_at: string | null;
	is_own_proposal: boolean | null;
	question: 'open' | 'unanswered' | 'answered' | null;
	question_until: string | null;
	re_review_since: string | null;
	waits: Waits | null;
	/** In its state for longer than the Summit allows. */
	is_late: boolean;
}

/** A decision that one person proposed, with the second person's answer. */
export interface Proposal {
	id: string;
	decision: Proposed;
	/** With recategorise: the category, and whose seat; null: a pool's. */
	category: string | null;
	member: string | null;
	reason: string;
	state: 'open' | 'confirmed' | 'rejected' | 'withdrawn' | 'cancelled';
	answer: string;
	by: string | null;
	at: string;
	/** Proposed by the reader, or by another person record of the same human. */
	own: boolean;
	closed_by: string | null;
	closed_at: string | null;
}

/** A question to the person. */
export interface InformationRequest {
	id: string;
	question: string;
	deadline: string;
	state: 'open' | 'answered' | 'closed';
	asked_at: string;
	answer: string | null;
	answered_at: string | null;
	asked_by?: string | null;
	is_read?: boolean;
	reminders?: number;
}

/** A note of the organisers; its text is null once it was erased. */
export interface RegistrationNote {
	id: number;
	at: string;
	author: string | null;
	for_safeguarding: boolean;
	note: string | null;
}

/** A person about whom a note for safeguarding exists. */
export interface NotedPerson {
	registration_id: string;
	reference: string;
	display_name: string;
	state: RegistrationState;
	notes: RegistrationNote[];
}

/** What changed after accreditation; values are omitted where the reader may not see them. */
export interface ReReview {
	fields: string[];
	old?: Record<string, string | null>;
	new?: Record<string, string | null>;
	opened_at: string;
	/** Door and stage are blocked by it. */
	is_paused: boolean;
}

/** A registration for organisers who accredit. */
export interface ReadRegistration extends Omit<MyRegistration, 'protection' | 'badge'> {
	summit_id: string;
	has_alias: boolean;
	wants_talk: boolean;
	/** The reader's own, or of a person they act for: not theirs to decide. */
	is_own: boolean;
	/** Seats of the member in the requested mode. */
	seats: { ceiling: number | null; used: number } | null;
	request_id: string | null;
	/** The decisions that need two people. */
	second: { accredit: boolean; decline: boolean };
	proposals: Proposal[];
	information: InformationRequest[];
	notes: RegistrationNote[];
	revetting: ReReview | null;
}
