import type { Member } from '#lib/members/member.ts';
import type { Mode, RegistrationState } from './registration.ts';

/** Seats of one member in one mode. */
export interface DelegationSeats {
	mode: Mode;
	ceiling: number;
	held: number;
	taken: number;
	left: number;
}

/** A colleague as the focal point sees them. */
export interface Delegate {
	registration_id: string;
	display_name: string;
	office: string;
	mode: Mode;
	state: RegistrationState;
	state_since: string;
	queue_position?: number | null;
}

/** One member that the reader looks after. */
export interface Delegation {
	member: Member;
	seats: DelegationSeats[];
	people: Delegate[];
}
