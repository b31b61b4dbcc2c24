import type { AnswerOf } from '#lib/database/calls.ts';
import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { writeCsv } from '#lib/files/csv.ts';
import type { Member, Sector } from '#lib/members/member.ts';
import { memberFilters, type ListedMember, type MemberQuery } from '#lib/members/registry.ts';
import { countriesNamed } from './countries.ts';
import type { FoundMembers, MemberRequest } from '#lib/database/answers/members/members.ts';

/** Members of the Summit by part of their name or of their country's name. */
export async function searchMembers(
	client: DataClient,
	summit: string,
	query: string,
	most = 12
): Promise<FoundMembers> {
	return rpc(client, 'search_members', { summit, query, countries: countriesNamed(query), most });
}

/** The member with this very name, for example the affiliation of a person; null where there is none, or more than one. */
export async function memberNamed(client: DataClient, summit: string, name: string): Promise<Member | null> {
	if (name === '') return null;
	const { members } = await searchMembers(client, summit, name, 50);
	const same = members.filter((member) => member.name === name);
	return same.length === 1 ? (same[0] ?? null) : null;
}

/** A page of the organisers' list, with the countries and regions of the filters. */
export async function listMembers(
	client: DataClient,
	summit: string,
	query: MemberQuery,
	size = 50
): Promise<{ total: number; members: ListedMember[]; countries: string[]; regions: string[] } | null> {
	const filters = memberFilters(query);
	return rpc(client, 'list_members', { summit, filters, page_size: size, page_start: (query.page - 1) * size });
}

/** The whole list as a CSV file, with the columns of the import; the addresses of focal points stay sealed. */
export async function exportMembers(client: DataClient, summit: string, query: MemberQuery): Promise<string | null> {
	const list = await listMembers(client, summit, { ...query, page: 1 }, 20_000);
	if (!list) return null;
	await rpc(client, 'record_list_export', { summit, what: 'members', rows: list.members.length });
	return writeCsv([
		[
			'code',
			'name',
			'sector',
			'country',
			'region',
			'standing',
			'website',
			'seats_in_person',
			'seats_virtual',
			'waiting'
		],
		...list.members.map(({ code, name, sector, country, region, standing, website, seats }) => [
			...[code, name, sector, country, region, standing, website],
			seats.in_person.held + seats.in_person.taken,
			seats.virtual.held + seats.virtual.taken,
			seats.in_person.waiting + seats.virtual.waiting
		])
	]);
}

/** Open requests. */
export async function listMemberRequests(client: DataClient, summit: string): Promise<MemberRequest[]> {
	return rpc(client, 'list_member_requests', { summit });
}

/** Adds a member to this Summit; one that the Alliance knows by that name is not duplicated. */
export async function addMember(
	client: DataClient,
	summit: string,
	member: { name: string; sector: Sector; country: string }
): Promise<AnswerOf<'add_member'>> {
	return rpc(client, 'add_member', { summit, ...member });
}
