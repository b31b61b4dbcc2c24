import type { SupabaseClient } from '@supabase/supabase-js';
import { ask } from '#lib/database/server/ask.ts';
import type { FoundPerson, Grant } from '#lib/accounts/roles.ts';

/** Who holds a role at a Summit, or for all. */
export async function listRoles(client: SupabaseClient, summit: string): Promise<Grant[]> {
	return ask(client, 'list_roles', { summit });
}

/** People of the Summit by a part of the name that they are shown under, 20 at most; needs two letters. */
export async function findPeople(client: SupabaseClient, summit: string, query: string): Promise<FoundPerson[]> {
	return query.trim().length < 2 ? [] : ask(client, 'find_people', { summit, query });
}

/** Answers ok | already | not_allowed | unknown_person. */
export async function grantRole(client: SupabaseClient, person: string, role: string, summit: string): Promise<string> {
	return ask(client, 'grant_role', { person, role, summit });
}

/** Answers ok | already | not_allowed | last_owner. */
export async function endRole(client: SupabaseClient, grant: string): Promise<string> {
	return ask(client, 'end_role', { role_grant: grant });
}
