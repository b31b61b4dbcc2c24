import type { SupabaseClient } from '@supabase/supabase-js';
import { ask } from '#lib/database/server/ask.ts';
import type { Delegate, Delegation, MemberInvitations } from '#lib/registration/delegation.ts';
import type { Mode } from '#lib/registration/registration.ts';
import { letterAgain, type SealedLetter } from './invitations.ts';

/** The members that the reader looks after: their seats, people and invitations. */
export async function readDelegation(client: SupabaseClient, summit: string): Promise<Delegation[]> {
	return (await ask<Delegation[] | null>(client, 'read_delegation', { summit })) ?? [];
}

/** A colleague and their delegation; one of another member is as unknown as one who does not exist: null. */
export async function delegateOf(
	client: SupabaseClient,
	summit: string,
	registration: string
): Promise<{ delegation: Delegation; person: Delegate } | null> {
	for (const delegation of await readDelegation(client, summit)) {
		const person = delegation.people.find((each) => each.registration_id === registration);
		if (person) return { delegation, person };
	}
	return null;
}

/** A member's seats and invitations, for organisers of registration; null for everybody else. */
export async function readMemberInvitations(
	client: SupabaseClient,
	summit: string,
	member: string
): Promise<MemberInvitations | null> {
	return ask(client, 'member_invitations', { summit, member });
}

/** Answers ok | already | self | no_seats | not_entitled | closed | limited | invalid | not_allowed, whoever's address it is. */
export async function inviteDelegate(
	client: SupabaseClient,
	to: { summit: string; member: string; mode: Mode; letter: SealedLetter; queue: boolean }
): Promise<string> {
	return (await ask<{ status: string }>(client, 'invite_delegate', { ...to })).status;
}

/** Promises a seat to somebody invited. Answers as `inviteDelegate`, and not_found | wrong_state. */
export async function inviteToSeat(
	client: SupabaseClient,
	registration: string,
	letter: SealedLetter
): Promise<string> {
	return (await ask<{ status: string }>(client, 'transfer_seat_by_invitation', { registration, letter })).status;
}

/** Sends an invitation once more, with a new link. Answers ok | limited | wrong_state | closed | invalid | not_found. */
export async function resendInvitation(client: SupabaseClient, invitation: string): Promise<string> {
	const letter = await letterAgain(invitation);
	return letter ? ask(client, 'resend_invitation', { invitation, letter }) : 'wrong_state';
}

/** Answers ok | wrong_state | not_found. */
export async function revokeInvitation(client: SupabaseClient, invitation: string): Promise<string> {
	return ask(client, 'revoke_invitation', { invitation });
}

/** Stands for colleagues who registered by themselves: nominated | closed | not_allowed | wrong_state for each. */
export async function nominateRegistrations(
	client: SupabaseClient,
	ids: readonly string[]
): Promise<{ id: string; status: string }[]> {
	return ask(client, 'nominate_registrations', { ids });
}

/** "Not one of ours", for the organisers. Answers ok | not_found | wrong_state | reason_needed. */
export async function refuseNomination(client: SupabaseClient, registration: string, reason: string): Promise<string> {
	return ask(client, 'refuse_nomination', { registration, reason });
}

/** Moves a colleague in the order, or makes them the head. Answers ok | already | not_found. */
export async function placeDelegate(
	client: SupabaseClient,
	registration: string,
	place: 'up' | 'down' | 'head' | 'no_head'
): Promise<string> {
	return ask(client, 'move_delegate', { registration, place });
}

/** Hands a seat to a colleague who waits for one. Answers ok | not_found | closed | wrong_state | not_waiting. */
export async function reassignSeat(client: SupabaseClient, registration: string, colleague: string): Promise<string> {
	return ask(client, 'transfer_seat_to_colleague', { registration, colleague });
}

/** Which member or pool invited the reader to the draft that stands; null without an invitation. */
export async function myNomination(
	client: SupabaseClient,
	summit: string
): Promise<{ member: string | null; mode: Mode; stands: boolean } | null> {
	return ask(client, 'my_nomination', { summit });
}
