import type { SupabaseClient } from '@supabase/supabase-js';
import { ask } from '#lib/database/server/ask.ts';
import type { Member, Sector } from '#lib/members/member.ts';
import { countriesNamed } from './countries.ts';

/** A page of matches and how many there are in all. */
export interface FoundMembers {
	total: number;
	members: Member[];
}

/** A member as organisers list it, with the seats in use and who looks after them. */
export interface ListedMember extends Member {
	standing: 'active' | 'observer' | 'suspended' | 'left';
	in_person: number;
	virtual: number;
	waiting: number;
	focal: string[];
}

/** "Mine is not listed", as it waits for an answer. */
export interface MemberRequest {
	id: string;
	name: string;
	sector: Sector | null;
	country: string | null;
	created_at: string;
	registration_id: string;
	reference: string;
	display_name: string;
	office: string;
}

/** Members of the Summit by part of their name or by their country's. */
export async function searchMembers(
	client: SupabaseClient,
	summit: string,
	query: string,
	most = 12
): Promise<FoundMembers> {
	return ask(client, 'search_members', { summit, query, countries: countriesNamed(query), most });
}

/** The organisers' list. */
export async function listMembers(
	client: SupabaseClient,
	summit: string,
	filter: { query: string; sectors: Sector[]; page: number; size: number }
): Promise<{ total: number; members: ListedMember[] }> {
	const { query, sectors, page, size } = filter;
	return ask(client, 'list_members', { summit, query, sectors, page_size: size, page_start: (page - 1) * size });
}

/** Requests that nobody has answered yet. */
export async function listMemberRequests(client: SupabaseClient, summit: string): Promise<MemberRequest[]> {
	return ask(client, 'list_member_requests', { summit });
}

/** Adds a member to this Summit; one that the Alliance knows by that name is not doubled. */
export async function addMember(
	client: SupabaseClient,
	summit: string,
	member: { name: string; sector: Sector; country: string }
): Promise<{ status: 'ok' | 'exists' | 'invalid' | 'not_allowed'; id?: string }> {
	return ask(client, 'add_member', { summit, ...member });
}
