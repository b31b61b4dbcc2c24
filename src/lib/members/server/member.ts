import type { SupabaseClient } from '@supabase/supabase-js';
import type { Member } from '#lib/members/member.ts';

/** Somebody of a member, as organisers choose them. */
export interface MemberPerson {
	id: string;
	display_name: string;
	office: string;
}

/** A member with what an organiser sets for it. */
export interface MemberSettings extends Member {
	standing: string;
	exceptions: { mode: 'in_person' | 'virtual'; ceiling: number; reason: string }[];
	focal: MemberPerson[];
	/** Registered people of the member who are no focal points. */
	candidates: MemberPerson[];
}

function named(error: { code?: string } | null, what: string): void {
	if (error) throw new Error(`${what} was refused (${error.code ?? 'no answer'}).`);
}

/** One member of a Summit, or null. */
export async function readMember(client: SupabaseClient, summit: string, id: string): Promise<MemberSettings | null> {
	if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return null;
	const of = { summit_id: summit, member_id: id };
	const [standing, member, exceptions, focal, registrations] = await Promise.all([
		client.from('summit_members').select('standing, sector, country').match(of).maybeSingle(),
		client.from('members').select('id, name').eq('id', id).maybeSingle(),
		client.from('allocation_exceptions').select('mode, ceiling, reason').match(of),
		client.from('focal_points').select('person_id, until').match(of),
		client.from('registrations').select('person_id').match(of).not('state', 'in', '(draft,declined,withdrawn,expired)')
	]);
	for (const answer of [standing, member, exceptions, focal, registrations]) named(answer.error, 'Reading the member');
	if (!standing.data || !member.data) return null;
	const now = Date.now();
	const current = (focal.data ?? [])
		.filter(({ until }) => until === null || Date.parse(until) > now)
		.map((row) => row.person_id);
	const registered = (registrations.data ?? []).map((row) => row.person_id);
	const people = await peopleOf(client, [...new Set<string>([...current, ...registered])]);
	return {
		...member.data,
		...standing.data,
		exceptions: exceptions.data ?? [],
		focal: people.filter((person) => current.includes(person.id)),
		candidates: people.filter((person) => !current.includes(person.id))
	} as MemberSettings;
}

async function peopleOf(client: SupabaseClient, ids: string[]): Promise<MemberPerson[]> {
	if (ids.length === 0) return [];
	const { data, error } = await client
		.from('people')
		.select('id, display_name, office')
		.in('id', ids)
		.order('display_name');
	named(error, 'Reading people');
	return data ?? [];
}

/** Sets a member's own ceiling for one mode; false when it was refused. */
export async function saveException(
	client: SupabaseClient,
	summit: string,
	member: string,
	exception: { mode: string; ceiling: number; reason: string }
): Promise<boolean> {
	const { data, error } = await client
		.from('allocation_exceptions')
		.upsert({ summit_id: summit, member_id: member, ...exception }, { onConflict: 'summit_id,member_id,mode' })
		.select('id');
	return !error && data.length === 1;
}

/** Lets somebody look after the member's seats. */
export async function nameFocalPoint(
	client: SupabaseClient,
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
	client: SupabaseClient,
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
