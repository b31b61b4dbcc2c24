import type { SupabaseClient } from '@supabase/supabase-js';
import type { Invitation, MyInvitation } from '#lib/accounts/role-invitations.ts';
import { ask } from '#lib/database/server/ask.ts';
import { sealedAddress } from '#lib/people/sealing.ts';

/** Offers an organiser's role to an address. Answers ok | not_allowed | invalid | limited, whoever's address it is. */
export async function inviteToRole(
	client: SupabaseClient,
	summit: string,
	role: string,
	address: string,
	displayName: string
): Promise<string> {
	const values = { summit, role, address: sealedAddress(address), display_name: displayName };
	return ask(client, 'invite_to_role', values);
}

/** Offers a part in a session to an address; answers as `inviteToRole`. */
export async function inviteToSession(
	client: SupabaseClient,
	session: string,
	part: string,
	address: string,
	displayName: string
): Promise<string> {
	const values = { session, part, address: sealedAddress(address), display_name: displayName };
	return ask(client, 'invite_to_session', values);
}

/** Open offers of a Summit's roles, or of one session. */
export async function listInvitations(
	client: SupabaseClient,
	summit: string,
	session: string | null = null
): Promise<Invitation[]> {
	return ask(client, 'list_role_invitations', { summit, session });
}

/** Takes an offer back. Answers ok | not_allowed. */
export async function withdrawInvitation(client: SupabaseClient, invitation: string): Promise<string> {
	return ask(client, 'withdraw_role_invitation', { invitation });
}

/** Open offers to the addresses of whoever is signed in. */
export async function myInvitations(client: SupabaseClient): Promise<MyInvitation[]> {
	return ask(client, 'my_role_invitations');
}

/** Answers ok | cancelled (the session is) | not_found. */
export async function answerInvitation(client: SupabaseClient, invitation: string, accept: boolean): Promise<string> {
	return ask(client, 'answer_role_invitation', { invitation, accept });
}
