import type { AnswerOf } from '#lib/database/calls.ts';
import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import type { Delegate, Delegation, MemberInvitations } from '#lib/registration/delegation.ts';
import type { Mode } from '#lib/registration/registration.ts';
import { letterAgain, type SealedLetter } from './invitations.ts';

/** The members whose focal point the reader is: their seats, people and invitations. */
export async function readDelegation(client: DataClient, summit: string): Promise<Delegation[]> {
	return (await rpc(client, 'read_delegation', { summit })) ?? [];
}

/** A colleague and their delegation; null for one of another member and for one who does not exist. */
export async function delegateOf(
	client: DataClient,
	summit: string,
	registration: string
): Promise<{ delegation: Delegation; person: Delegate } | null> {
	for (const delegation of await readDelegation(client, summit)) {
		const person = delegation.people.find((each) => each.registration_id === registration);
		if (person) return { delegation, person };
	}
	return null;
}

/** A member's seats and invitations, for registration organisers; null for everybody else. */
export async function readMemberInvitations(
	client: DataClient,
	summit: string,
	member: string
): Promise<MemberInvitations | null> {
	return rpc(client, 'member_invitations', { summit, member });
}

/** Invites a delegate; the answer is the same whether or not anybody has the address. */
export async function inviteDelegate(
	client: DataClient,
	to: { summit: string; member: string; mode: Mode; letter: SealedLetter; queue: boolean }
): Promise<AnswerOf<'invite_delegate'>['status']> {
	return (await rpc(client, 'invite_delegate', { ...to })).status;
}

/** Invites a person to take over a seat. */
export async function inviteToSeat(
	client: DataClient,
	registration: string,
	letter: SealedLetter
): Promise<AnswerOf<'transfer_seat_by_invitation'>['status']> {
	return (await rpc(client, 'transfer_seat_by_invitation', { registration, letter })).status;
}

/** Sends an invitation again, with a new link. */
export async function resendInvitation(client: DataClient, invitation: string) {
	const letter = await letterAgain(invitation);
	return letter ? rpc(client, 'resend_invitation', { invitation, letter }) : 'wrong_state';
}

/** Revokes an invitation. */
export async function revokeInvitation(client: DataClient, invitation: string) {
	return rpc(client, 'revoke_invitation', { invitation });
}

/** Nominates colleagues who registered themselves. */
export async function nominateRegistrations(
	client: DataClient,
	ids: readonly string[]
): Promise<AnswerOf<'nominate_registrations'>> {
	return rpc(client, 'nominate_registrations', { ids });
}

/** "Not one of ours", visible to organisers. */
export async function refuseNomination(client: DataClient, registration: string, reason: string) {
	return rpc(client, 'refuse_nomination', { registration, reason });
}

/** Moves a colleague in the order, or makes them the head. */
export async function placeDelegate(
	client: DataClient,
	registration: string,
	place: 'up' | 'down' | 'head' | 'no_head'
) {
	return rpc(client, 'move_delegate', { registration, place });
}

/** Transfers a seat to a waiting colleague. */
export async function reassignSeat(client: DataClient, registration: string, colleague: string) {
	return rpc(client, 'transfer_seat_to_colleague', { registration, colleague });
}

/** The member or pool that invited the reader to their current draft; null without an invitation. */
export async function myNomination(
	client: DataClient,
	summit: string
): Promise<{ member: string | null; mode: Mode; is_valid: boolean } | null> {
	return rpc(client, 'my_nomination', { summit });
}
