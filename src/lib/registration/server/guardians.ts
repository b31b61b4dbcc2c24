import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { contexts, sealedAddress, theSealer } from '#lib/people/sealing.ts';
import { guardianTyped, type Guardianship, type ReadGuardian } from '#lib/registration/guardian.ts';
import type { SealedTyping, Ward } from '#lib/database/answers/registration/guardians.ts';

function openTyped(typed: SealedTyping): string | null {
	if (!typed?.address_sealed) return typed?.reference ?? null;
	return theSealer().open(typed.address_sealed, typed.key_id ?? '', contexts.address);
}

/** The reader's open matters with guardians at a Summit. */
export async function myGuardianship(client: DataClient, summit: string): Promise<Guardianship> {
	const { own, ...rest } = await rpc(client, 'my_guardianship', { summit });
	return { ...rest, own: own && { ...own, typed: openTyped(own.typed) } };
}

/** Names the guardian, by address or reference. Known and unknown ones get the same answer. */
export async function nameGuardian(client: DataClient, registration: string, typed: string) {
	const named = guardianTyped(typed);
	return rpc(client, 'name_guardian', {
		registration,
		reference: named?.kind === 'reference' ? named.value : '',
		address: named?.kind === 'address' ? sealedAddress(named.value) : null
	});
}

/** The guardian consents. */
export async function giveGuardianConsent(client: DataClient, registration: string) {
	return rpc(client, 'give_guardian_consent', { registration });
}

/** A named person refuses to be the guardian. Nobody else is notified. */
export async function refuseGuardianship(client: DataClient, registration: string) {
	return rpc(client, 'refuse_guardianship', { registration });
}

/** The guardian sets what the person may do on a stage. */
export async function agreeForMinor(
	client: DataClient,
	registration: string,
	lets: { on_stage: boolean; recorded: boolean }
) {
	return rpc(client, 'agree_for_minor', { registration, ...lets });
}

/** What accreditation organisers read of a guardian; null for an adult. */
export async function readGuardian(client: DataClient, registration: string): Promise<ReadGuardian | null> {
	const read = await rpc(client, 'read_guardian', { registration });
	return read && { ...read, typed: openTyped(read.typed) };
}

/** Everything that concerns a minor, for their guardian; null for everybody else. */
export function readWard(client: DataClient, registration: string): Promise<Ward | null> {
	return rpc(client, 'read_ward', { registration });
}

/** Withdraws a consent of a minor as their guardian, or takes that back. */
export function setWardConsent(client: DataClient, registration: string, item: string, given: boolean) {
	return rpc(client, 'set_ward_consent', { registration, item, given });
}

/** The guardian's own wish about photographs of a minor. */
export function setWardPhotographs(client: DataClient, registration: string, forbidden: boolean) {
	return rpc(client, 'set_ward_photographs', { registration, forbidden });
}
