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
	/** ISO instant at which it ends by itself; null: when somebody ends it. */
	until: string | null;
}

/** Grants a role, or proposes one that takes two people. */
export async function grantRole(
	client: DataClient,
	person: string,
	role: Enums<'organiser_role'>,
	{ summit, isForAll, until }: RoleScope
) {
	return rpc(client, 'grant_role', { person, role, summit: isForAll ? null : summit, via: summit, until });
}

/** Appoints a deputy for the concerns that no lead may read. */
export async function nameDeputy(client: DataClient, person: string, summit: string) {
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

/** Confirms another person's proposal of a role. */
export async function confirmRoleProposal(client: DataClient, proposal: string) {
	return rpc(client, 'confirm_role_proposal', { proposal });
}

/** Refuses another person's proposal, or withdraws the caller's own. */
export async function refuseRoleProposal(client: DataClient, proposal: string) {
	return rpc(client, 'refuse_role_proposal', { proposal });
}

/** Ends a role. */
export async function endRole(client: DataClient, grant: string) {
	return rpc(client, 'end_role', { role_grant: grant });
}
