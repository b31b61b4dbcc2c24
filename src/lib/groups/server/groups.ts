import type { DataClient } from '#lib/database/client.ts';
import type { Enums } from '#lib/database/types.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { notFound } from '#lib/forms/server/action.ts';
import type { GroupRegister } from '#lib/database/answers/groups.ts';
import type { Group, GroupEntry, GroupInvitation } from '#lib/groups/group.ts';
import { sealedAddress } from '#lib/people/sealing.ts';

/** The groups that the reader sees, their own first. */
export const listGroups = (client: DataClient): Promise<GroupEntry[]> => rpc(client, 'list_groups');

/** A group; 404 for one that the reader does not see. */
export async function readGroup(client: DataClient, code: string): Promise<Group> {
	return (await rpc(client, 'read_group', { code })) ?? notFound();
}

/** A group that the reader leads; 404 for all others. */
export async function readLedGroup(client: DataClient, code: string): Promise<Group> {
	const group = await readGroup(client, code);
	return group.leads ? group : notFound();
}

/** Open invitations to the addresses of the reader. */
export const myGroupInvitations = (client: DataClient): Promise<GroupInvitation[]> =>
	rpc(client, 'my_group_invitations');

/** The decisions and actions of a group; null for who may not read them. */
export const readGroupRegister = (client: DataClient, code: string): Promise<GroupRegister | null> =>
	rpc(client, 'read_group_register', { code });

/** The reader's open actions in all groups. */
export const myGroupActions = (client: DataClient) => rpc(client, 'my_group_actions');

/** What an invitation to a group offers. */
interface OfferedPart {
	part: Enums<'group_part'>;
	member: string | null;
	until: string | null;
	/** The entry for which an alternate is to stand in. */
	alternate_of: string | null;
}

/** Invites an address to a group. The answer is the same whether or not anybody has the address. */
export function inviteToGroup(
	client: DataClient,
	code: string,
	offer: OfferedPart,
	address: string,
	displayName: string
) {
	return rpc(client, 'invite_to_group', {
		code,
		...offer,
		address: sealedAddress(address),
		display_name: displayName
	});
}
