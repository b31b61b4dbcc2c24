import type { AnswerOf } from '#lib/database/calls.ts';
import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { isId } from '#lib/forms/ids.ts';
import type { ImportRow } from '#lib/members/import.ts';
import type { MemberAct, ReadMember } from '#lib/members/registry.ts';
import { hintOf } from '#lib/people/links.ts';
import { sealedAddress } from '#lib/people/sealing.ts';

/** One member of a Summit; the member it was merged into; or null. */
export async function readMember(
	client: DataClient,
	summit: string,
	member: string
): Promise<ReadMember | { moved_to: string } | null> {
	return isId(member) ? rpc(client, 'read_member', { summit, member }) : null;
}

/** The history of a member, newest first; null for readers who may not see it. */
export async function memberHistory(client: DataClient, summit: string, member: string): Promise<MemberAct[] | null> {
	return rpc(client, 'member_history', { summit, member });
}

/** Saves a member's record; `version` is the one that was read. */
export async function saveMember(
	client: DataClient,
	summit: string,
	member: string,
	version: string,
	fields: Record<string, string>
): Promise<AnswerOf<'save_member'>> {
	return rpc(client, 'save_member', { summit, member, version, fields });
}

/** Makes a person who is registered for the member a focal point. */
export async function nameFocalPoint(
	client: DataClient,
	summit: string,
	member: string,
	person: string
): Promise<boolean> {
	const row = { summit_id: summit, member_id: member, person_id: person, until: null };
	const { data, error } = await client
		.from('focal_points')
		.upsert(row, { onConflict: 'summit_id,member_id,person_id' })
		.select('id');
	return !error && data.length === 1;
}

/** Ends it from now on. */
export async function endFocalPoint(
	client: DataClient,
	summit: string,
	member: string,
	person: string
): Promise<boolean> {
	const { data, error } = await client
		.from('focal_points')
		.update({ until: new Date().toISOString() })
		.match({ summit_id: summit, member_id: member, person_id: person })
		.select('id');
	return !error && data.length === 1;
}

/** An address for the database: sealed, found by its keyed hash, and hinted at by a letter and its domain. */
export function hintedAddress(address: string): ImportRow['focal'][number] {
	return { ...sealedAddress(address), hint: hintOf(address) };
}

/** Invites an address to be a focal point. The answer is the same whether or not anybody has it. */
export async function inviteFocalPoint(client: DataClient, summit: string, member: string, address: string) {
	return rpc(client, 'invite_focal_point', { summit, member, address: hintedAddress(address) });
}

/** Withdraws such an invitation. */
export async function withdrawFocalInvitation(client: DataClient, invitation: string) {
	return rpc(client, 'withdraw_focal_invitation', { invitation });
}

/** Open offers to the reader to be a focal point. */
export async function myFocalInvitations(
	client: DataClient,
	summit: string
): Promise<{ id: string; member: string; until: string }[]> {
	return rpc(client, 'my_focal_invitations', { summit });
}

/** Accepts or declines one. */
export async function answerFocalInvitation(client: DataClient, invitation: string, accept: boolean) {
	return rpc(client, 'answer_focal_invitation', { invitation, accept });
}

/** What merging `duplicate` into `keep` would move, and whether it fits. */
export async function previewMerge(
	client: DataClient,
	keep: string,
	duplicate: string
): Promise<AnswerOf<'preview_member_merge'>> {
	return rpc(client, 'preview_member_merge', { keep, duplicate });
}

/** Merges `duplicate` into `keep`; `asException`: the kept member may have the seats of both. */
export async function mergeMembers(
	client: DataClient,
	keep: string,
	duplicate: string,
	reason: string,
	asException: boolean
): Promise<AnswerOf<'merge_members'>> {
	return rpc(client, 'merge_members', { keep, duplicate, reason, as_exception: asException });
}
