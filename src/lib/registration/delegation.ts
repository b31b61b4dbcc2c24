/* A delegation for its focal points: types and derived values. No I/O. */
import { isRegistrationOver } from './registration.ts';
import type { Delegate, SentInvitation } from '#lib/database/answers/registration/delegation.ts';

export type {
	Delegate,
	Delegation,
	DelegationSeats,
	MemberInvitations,
	SentInvitation
} from '#lib/database/answers/registration/delegation.ts';

/** The possible moves of a colleague in the order: nobody goes before the head except by becoming it. */
export function movesOf(people: readonly Delegate[], registration: string): { up: boolean; down: boolean } {
	const living = people.filter(({ state }) => !isRegistrationOver(state));
	const at = living.findIndex(({ registration_id }) => registration_id === registration);
	const person = living[at];
	if (!person || person.is_head) return { up: false, down: false };
	return { up: at > 0 && !living[at - 1]?.is_head, down: at < living.length - 1 };
}

/** Colleagues who wait for a seat such as this person's, in order. */
export function successorsOf(people: readonly Delegate[], person: Delegate): Delegate[] {
	return people.filter(
		({ registration_id, queue }) =>
			registration_id !== person.registration_id &&
			queue.some(({ mode, deadline }) => mode === person.mode && deadline === null)
	);
}

/** The open invitation to which a person's seat is promised. */
export function replacementFor(
	invitations: readonly SentInvitation[],
	registration: string
): SentInvitation | undefined {
	return invitations.find(
		({ replaces, state }) => replaces === registration && (state === 'sent' || state === 'opened')
	);
}
