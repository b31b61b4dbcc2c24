import type { DataClient } from '#lib/database/client.ts';
import type { Enums } from '#lib/database/types.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import type { FoundPerson, Grant, RoleProposal } from '#lib/accounts/roles.ts';
import { openedAddress } from '#lib/people/sealing.ts';

/** Who holds a role at a Summit, or for all. */
export async function listRoles(client: DataClient, summit: string): Promise<Grant[]> {
	return rpc(client, 'list_roles', { summit });
}

/** People of the Summit by a part of their display name, 20 at most; needs two letters. */
export async function findPeople(client: DataClient, summit: string, query: string): Promise<FoundPerson[]> {
	return query.trim().length < 2 ? [] : rpc(client, 'find_people', { summit, query });
}

/** A role for one Summit, or for all of them. */
export interface RoleScope {
	summit: string;
	isForAll: boolean;
}

/**
 * Grants a role, or proposes one that takes two people. Answers ok | proposed | already_proposed | own | no_second | already | not_allowed |
 * unknown_person.
 */
export async function grantRole(
	client: DataClient,
	person: string,
	role: Enums<'organiser_role'>,
	{ summit, isForAll }: RoleScope
): Promise<string> {
	return rpc(client, 'grant_role', { person, role, summit: isForAll ? null : summit, via: summit });
}

/** Appoints a deputy for the concerns that no lead may read; answers as `grantRole`. */
export async function nameDeputy(client: DataClient, person: string, summit: string): Promise<string> {
	return rpc(client, 'name_concern_deputy', { person, summit });
}

/** Role proposals that wait for a second person, as far as the reader may see them. */
export async function listRoleProposals(client: DataClient, summit: string): Promise<RoleProposal[]> {
	const rows = await rpc(client, 'list_role_proposals', { summit });
	return rows.map(({ address_sealed, key_id, ...proposal }) => ({
		...proposal,
		address: address_sealed === null || key_id === null ? null : openedAddress(address_sealed, key_id)
	}));
}

/** Answers ok | not_found | not_allowed | own | lapsed | already | limited. */
export async function confirmRoleProposal(client: DataClient, proposal: string): Promise<string> {
	return rpc(client, 'confirm_role_proposal', { proposal });
}

/** Refuses another person's proposal, or withdraws one's own. Answers ok | not_found. */
export async function refuseRoleProposal(client: DataClient, proposal: string): Promise<string> {
	return rpc(client, 'refuse_role_proposal', { proposal });
}

/** Answers ok | already | not_allowed | last_owner. */
export async function endRole(client: DataClient, grant: string): Promise<string> {
	return rpc(client, 'end_role', { role_grant: grant });
}
