import type { SupabaseClient } from '@supabase/supabase-js';
import { ask } from '#lib/database/server/ask.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import { contexts, theSealer } from '#lib/people/sealing.ts';
import type { FoundPerson, Grant } from '#lib/accounts/roles.ts';

/** Who holds a role at a Summit, or for all. */
export async function listRoles(client: SupabaseClient, summit: string): Promise<Grant[]> {
	return ask(client, 'list_roles', { summit });
}

/** People by a part of the name that they are shown under; needs two letters. */
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

/**
 * The person of a mail address, made when there is none: they find everything there once they sign in with it. `actor` is
 * who typed it. Null for somebody who takes part under another name: it would show whose it is.
 */
export async function personOfAddress(
	address: string,
	displayName: string,
	actor: string | null
): Promise<string | null> {
	const sealer = theSealer();
	const { sealed, keyId } = sealer.seal(address, contexts.address);
	const [row] = await callPrivate<{ person_to_invite: string | null }>('person_to_invite', [
		sealer.hashAddress(address),
		sealed,
		keyId,
		displayName,
		actor
	]);
	return row?.person_to_invite ?? null;
}
