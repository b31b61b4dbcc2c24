import type { DataClient } from '#lib/database/client.ts';
import type { Enums } from '#lib/database/types.ts';
import type { RoleInvitation, MyInvitation, SessionInvitation } from '#lib/accounts/role-invitations.ts';
import type { RoleScope } from '#lib/accounts/server/roles.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { hashOfToken, linkedAddress } from '#lib/people/links.ts';
import { sealedAddress } from '#lib/people/sealing.ts';

/**
 * Offers an organiser's role to an address, or proposes one that takes two people. The answer is the same whether or
 * not anybody has the address.
 */
export async function inviteToRole(
	client: DataClient,
	{ summit, isForAll, until }: RoleScope,
	role: Enums<'organiser_role'>,
	address: string,
	displayName: string
) {
	const values = { summit, role, address: sealedAddress(address), display_name: displayName, for_all: isForAll, until };
	return rpc(client, 'invite_to_role', values);
}

/** Offers a part in a session to an address. */
export async function inviteToSession(
	client: DataClient,
	session: string,
	part: Enums<'session_role'>,
	address: string,
	displayName: string
) {
	const values = { session, part, address: linkedAddress(address), display_name: displayName };
	return rpc(client, 'invite_to_session', values);
}

/** Invites by mail a person who was entered by name, or their assistant, to take part in a session. */
export async function inviteToTakeOver(client: DataClient, entry: string, address: string, asAssistant: boolean) {
	const values = { entry, address: linkedAddress(address), as_assistant: asAssistant };
	return rpc(client, 'invite_to_claim_part', values);
}

/** The offer behind a link in a mail; null for an unknown or forged link. */
export async function readSessionInvitation(client: DataClient, token: string): Promise<SessionInvitation | null> {
	const token_hash = hashOfToken(token);
	return token_hash === null ? null : rpc(client, 'read_session_invitation', { token_hash });
}

/** Open offers of a Summit's roles, or of one session. */
export async function listInvitations(
	client: DataClient,
	summit: string,
	session: string | null = null
): Promise<RoleInvitation[]> {
	return rpc(client, 'list_role_invitations', { summit, session });
}

/** Withdraws an offer. */
export async function withdrawInvitation(client: DataClient, invitation: string) {
	return rpc(client, 'withdraw_role_invitation', { invitation });
}

/** Open offers to the addresses of the reader. */
export async function myInvitations(client: DataClient): Promise<MyInvitation[]> {
	return rpc(client, 'my_role_invitations');
}

/** Accepts or declines an offer of a role or a part. */
export async function answerInvitation(client: DataClient, invitation: string, accept: boolean) {
	return rpc(client, 'answer_role_invitation', { invitation, accept });
}
