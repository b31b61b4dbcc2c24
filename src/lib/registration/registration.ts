/* A registration for its person and the organisers: types and derived values. No I/O. */
import type { Sector } from '#lib/members/member.ts';

export type Mode = 'in_person' | 'virtual';
export const modes: readonly Mode[] = ['in_person', 'virtual'];

export const registrationStates = [
	'draft',
	'submitted',
	'nominated',
	'accredited',
	'awaiting_payment',
	'confirmed',
	'declined',
	'withdrawn',
	'expired'
] as const;
export type RegistrationState = (typeof registrationStates)[number];

/** The category of a registration. */
export const categories = [
	'delegate',
	'speaker',
	'guest',
	'staff',
	'crew',
	'interpreter',
	'press',
	'security',
	'guardian'
] as const;

export type QueueReason = 'capacity' | 'allocation' | 'ceiling' | 'others_wait';

/** One entry of a registration's history. */
export interface HistoryStep {
	from_state: RegistrationState | null;
	to_state: RegistrationState;
	mode: Mode;
	/** The new category, where the step changed it. */
	category?: string | null;
	at: string;
	reason: string;
	/** Whether the person did it themselves. */
	by_self: boolean;
	/** Who did it, for organisers. */
	actor?: string | null;
}

/** A place in the queue, or the offer that resulted from it. */
export interface QueueEntry {
	id: string;
	mode: Mode;
	state: 'waiting' | 'offered';
	reason: QueueReason;
	position: number | null;
	deadline: string | null;
}

/** A person's own registration. */
export interface MyRegistration {
	id: string;
	reference: string;
	category: string;
	mode: Mode;
	state: RegistrationState;
	state_since: string;
	form_step: number;
	version: number;
	updated_at: string;
	display_name: string;
	office: string;
	affiliation: string;
	country: string | null;
	member: { id: string; name: string; sector: Sector; country: string | null } | null;
	request: { name: string; sector: Sector | null; country: string | null; state: 'open' | 'linked' | 'refused' } | null;
	languages: string[];
	access_needs: string;
	note: string;
	no_photographs: boolean;
	protection: { kind: 'none' | 'alias' | 'talk_first'; has_sealed_name: boolean };
	consents: Record<string, boolean>;
	code_of_conduct_at: string | null;
	/** Under 18 on the first day. */
	is_minor: boolean;
	steps: HistoryStep[];
	seat: { mode: Mode; state: 'held' | 'taken'; held_until: string | null } | null;
	queue: QueueEntry[];
	order: {
		id: string;
		reference: string;
		balance: number;
		currency: string;
		due_at: string;
		/** Closed when settled or cancelled. */
		is_open: boolean;
		/** A member pays for a whole delegation; its delegates have nothing to pay. */
		payer: 'person' | 'member';
	} | null;
	badge: { id: string; badge_code: string; issued_at: string } | null;
}

/** Seats of one mode, for all and for one member. */
export interface SeatsLeft {
	mode: Mode;
	capacity: number;
	left: number;
	member_ceiling: number | null;
	member_left: number | null;
	waiting: number;
	/** Minor units; 0 is free of charge; null where it depends on a member not chosen yet. */
	fee?: number | null;
	currency?: string | null;
}

/** Whether the registration has ended. */
export function isOver(state: RegistrationState): boolean {
	return state === 'declined' || state === 'withdrawn' || state === 'expired';
}

/** Whether it was submitted and is neither declined nor withdrawn. */
export function isSent(state: RegistrationState): boolean {
	return state !== 'draft' && !isOver(state);
}

/** The result of choosing a mode now: a seat, or a place in the queue and why. */
type Prospect = 'seat' | 'queue_capacity' | 'queue_others' | 'queue_member' | 'never';

/** Predicts the result of a submission. The database decides; this only informs people beforehand. */
export function prospectOf(seats: SeatsLeft): Prospect {
	if (seats.capacity === 0 || seats.member_ceiling === 0) return 'never';
	if (seats.member_left !== null && seats.member_left <= 0) return 'queue_member';
	if (seats.left <= 0) return 'queue_capacity';
	return seats.waiting > 0 ? 'queue_others' : 'seat';
}

/** The five subjects of the form, in order. */
const formSteps = ['who', 'member', 'seat', 'needs', 'consents'] as const;
export type FormStep = (typeof formSteps)[number];

/** The subject of a step of the address (1 to 5), or null. */
export function stepOf(value: string): { step: number; subject: FormStep } | null {
	const subject = /^[1-5]$/.test(value) ? formSteps[Number(value) - 1] : undefined;
	return subject ? { step: Number(value), subject } : null;
}
