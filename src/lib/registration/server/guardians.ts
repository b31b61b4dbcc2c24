import type { SupabaseClient } from '@supabase/supabase-js';
import { ask } from '#lib/database/server/ask.ts';
import { theSealer } from '#lib/people/sealing.ts';
import { guardianTyped, type Guardianship, type ReadGuardian } from '#lib/registration/guardian.ts';

/** What the reader has to do with guardians at a Summit. */
export async function myGuardianship(client: SupabaseClient, summit: string): Promise<Guardianship> {
	return ask(client, 'my_guardianship', { summit });
}

/** Says who the guardian is, by address or reference; only the address's hash is kept. Known and unknown answer the same. */
export async function nameGuardian(client: SupabaseClient, registration: string, typed: string): Promise<string> {
	const named = guardianTyped(typed);
	return ask(client, 'name_guardian', {
		registration,
		reference: named?.kind === 'reference' ? named.value : '',
		address_hash: named?.kind === 'address' ? theSealer().hashAddress(named.value).toString('hex') : ''
	});
}

/** The guardian consents: ok, already, not_found. */
export async function giveGuardianConsent(client: SupabaseClient, registration: string): Promise<string> {
	return ask(client, 'give_guardian_consent', { registration });
}

/** The guardian says what they let somebody do on a stage: ok, not_found. */
export async function agreeForWard(
	client: SupabaseClient,
	registration: string,
	lets: { on_stage: boolean; recorded: boolean }
): Promise<string> {
	return ask(client, 'agree_for_ward', { registration, ...lets });
}

/** What whoever accredits knows of a guardian; null for somebody of age. */
export async function readGuardian(client: SupabaseClient, registration: string): Promise<ReadGuardian | null> {
	return ask(client, 'read_guardian', { registration });
}

/** An organiser links a guardian's registration by its reference: ok, wrong_state, unknown_guardian, not_allowed. */
export async function linkGuardian(client: SupabaseClient, registration: string, reference: string): Promise<string> {
	return ask(client, 'link_guardian_by_reference', { registration, reference });
}
