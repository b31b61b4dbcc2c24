import type { SupabaseClient } from '@supabase/supabase-js';
import { ask } from '#lib/database/server/ask.ts';
import {
	listFilters,
	type ListedRegistration,
	type ListQuery,
	type ReadRegistration
} from '#lib/registration/accreditation.ts';
import type { RegistrationState } from '#lib/registration/registration.ts';

/** A page of the list, how many there are, and counts of all by state. */
export interface RegistrationList {
	total: number;
	rows: ListedRegistration[];
	counts: Partial<Record<RegistrationState | 'queued' | 'requests' | 'guardians', number>>;
}

/** Rows on one page of the list. */
export const pageSize = 50;

/** One page of registrations, for registration organisers; null for everybody else. */
export async function listRegistrations(
	client: SupabaseClient,
	summit: string,
	query: ListQuery
): Promise<RegistrationList | null> {
	return ask(client, 'list_registrations', {
		summit,
		filters: listFilters(query),
		page_size: pageSize,
		page_start: (query.page - 1) * pageSize
	});
}

/** One registration with what whoever accredits must know, or null. */
export async function readRegistration(client: SupabaseClient, registration: string): Promise<ReadRegistration | null> {
	return ask(client, 'read_registration', { registration });
}

/** Decides each by itself; the answer says what came of each. */
export async function decideRegistrations(
	client: SupabaseClient,
	ids: readonly string[],
	decision: 'accredit' | 'decline',
	reason: string
): Promise<{ id: string; status: string }[]> {
	return ask(client, 'decide_registrations', { ids, decision, reason });
}

/** Answers "mine is not listed" with a member of the Summit. */
export async function linkMemberRequest(client: SupabaseClient, request: string, member: string): Promise<string> {
	return statusOf(await ask(client, 'link_member_request', { request, member }));
}

/** Answers "mine is not listed" with no. */
export async function refuseMemberRequest(client: SupabaseClient, request: string, reason: string): Promise<string> {
	return statusOf(await ask(client, 'refuse_member_request', { request, reason }));
}

function statusOf(answer: unknown): string {
	if (typeof answer === 'string') return answer;
	return typeof answer === 'object' && answer !== null && 'status' in answer ? String(answer.status) : '';
}

/** Names for the page that asks once more before deciding several. */
export async function namesOf(
	client: SupabaseClient,
	summit: string,
	ids: readonly string[]
): Promise<{ id: string; reference: string; display_name: string }[]> {
	if (ids.length === 0) return [];
	const found = await client
		.from('registrations')
		.select('id, reference, person_id')
		.eq('summit_id', summit)
		.in('id', [...ids]);
	if (found.error) throw new Error(`Reading registrations was refused (${found.error.code}).`);
	const people = await client
		.from('people')
		.select('id, display_name')
		.in(
			'id',
			found.data.map((row) => row.person_id)
		);
	if (people.error) throw new Error(`Reading people was refused (${people.error.code}).`);
	const names = new Map(people.data.map((person) => [person.id, person.display_name]));
	return found.data.map(({ id, reference, person_id }) => ({
		id,
		reference,
		display_name: names.get(person_id) ?? ''
	}));
}

/** Puts a name right: ok, invalid, protected, frozen (the lists have gone out, and `override` does not say to go on) or not_allowed. */
export function correctName(
	client: SupabaseClient,
	registration: string,
	correction: { display_name: string; office: string; reason: string; override: boolean }
): Promise<string> {
	const { reason, override, ...fields } = correction;
	return ask(client, 'correct_name', { registration, fields, reason, override });
}
