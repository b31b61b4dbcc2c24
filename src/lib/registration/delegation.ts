/* A delegation for its focal points: types and derived values. No I/O. */
import type { Member } from '#lib/members/member.ts';
import type { InvitationState } from './invitation.ts';
import { isOver, type Mode, type RegistrationState } from './registration.ts';

/** Seats of one member in one mode. */
export interface DelegationSeats {
	mode: Mode;
	ceiling: number;
	held: number;
	taken: number;
	waiting: number;
	/** People who may still get a seat of their own. */
	invited: number;
	/** Neither used, nor waited for, nor offered in a mail. */
	left: number;
	reserved_until: string | null;
}

/** A colleague as the focal point sees them. */
export interface Delegate {
	registration_id: string;
	display_name: string;
	office: string;
	mode: Mode;
	state: RegistrationState;
	state_since: string;
	is_head: boolean;
	/** A focal point has said "not one of ours". */
	not_ours: boolean;
	has_seat: boolean;
	held_until: string | null;
	/** Places in queues; with a deadline it is an offer. */
	queue: { mode: Mode; position: number | null; deadline: string | null }[];
}

/** An invitation for those who sent it: of the address only enough to recognise it. */
export interface SentInvitation {
	id: string;
	address: string;
	mode: Mode;
	state: InvitationState;
	sent_at: string;
	until: string;
	/** Sent fewer than three times today. */
	may_send: boolean;
	/** The registration whose seat it transfers, and its person. */
	replaces: string | null;
	hands_over: string | null;
}

/** One member of a focal point. */
export interface Delegation {
	member: Member;
	/** The person for whom an assistant acts. */
	acting_for: string | null;
	/** Whether the reader may invite and nominate now, and until when. */
	nominating: boolean;
	until: string | null;
	seats: DelegationSeats[];
	people: Delegate[];
	invitations: SentInvitation[];
}

/** The data for an organiser who invites on a member's behalf. */
export interface MemberInvitations {
	member: string;
	/** Whether anybody may be invited now. */
	open: boolean;
	seats: DelegationSeats[];
	invitations: SentInvitation[];
}

/** The possible moves of a colleague in the order: nobody goes before the head except by becoming it. */
export function movesOf(people: readonly Delegate[], registration: string): { up: boolean; down: boolean } {
	const living = people.filter(({ state }) => !isOver(state));
	const at = living.findIndex(({ registration_id }) => registration_id === registration);
	const person = living[at];
	if (!person || person.is_head) return { up: false, down: false };
	return { up: at > 0 && !living[at - 1]?.is_head, down: at < living.length - 1 };
}

/** Colleagues who wait for a seat such as this person's, in order. */
export function heirsOf(people: readonly Delegate[], person: Delegate): Delegate[] {
	return people.filter(
		({ registration_id, queue }) =>
			registration_id !== person.registration_id &&
			queue.some(({ mode, deadline }) => mode === person.mode && deadline === null)
	);
}

/** The open invitation to which a person's seat is promised. */
export function promiseOf(invitations: readonly SentInvitation[], registration: string): SentInvitation | undefined {
	return invitations.find(
		({ replaces, state }) => replaces === registration && (state === 'sent' || state === 'opened')
	);
}
