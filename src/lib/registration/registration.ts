/* A registration for its person and the organisers: types and derived values. No I/O. */
import type { SeatsLeft } from '#lib/database/answers/registration/registration.ts';

export type {
	HistoryStep,
	MyRegistration,
	QueueEntry,
	SeatsLeft
} from '#lib/database/answers/registration/registration.ts';

export type Mode = 'in_person' | 'virtual';
export const modes = ['in_person', 'virtual'] as const satisfies readonly Mode[];

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

/** Whether the registration has ended. */
export function isRegistrationOver(state: RegistrationState): boolean {
	return state === 'declined' || state === 'withdrawn' || state === 'expired';
}

/** Whether it was submitted and is neither declined nor withdrawn. */
export function isSent(state: RegistrationState): boolean {
	return state !== 'draft' && !isRegistrationOver(state);
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
export function formStepOf(value: string): { step: number; subject: FormStep } | null {
	const subject = /^[1-5]$/.test(value) ? formSteps[Number(value) - 1] : undefined;
	return subject ? { step: Number(value), subject } : null;
}
