import type { AnswerOf } from '#lib/database/calls.ts';
import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { contexts, theSealer } from '#lib/people/sealing.ts';

/** Whom to call if something happens to a person. */
export interface EmergencyContact {
	name: string;
	phone: string;
	/** Who they are to the person; may be empty. */
	relation: string;
}

/** The context of a contact: it decrypts for no other registration. */
const placeOf = (registration: string) => `${contexts.emergencyContact} ${registration}`;

/** Encrypts a contact for the database. */
export function sealContact(registration: string, contact: EmergencyContact): { sealed: string; key_id: string } {
	const { sealed, keyId } = theSealer().seal(JSON.stringify(contact), placeOf(registration));
	return { sealed: sealed.toString('hex'), key_id: keyId };
}

// Null where the key is gone.
function openContact(registration: string, sealed: string, keyId: string): EmergencyContact | null {
	try {
		return JSON.parse(theSealer().open(sealed, keyId, placeOf(registration))) as EmergencyContact;
	} catch {
		return null;
	}
}

/** The reader's own contact; null without one. */
export async function myEmergencyContact(client: DataClient, registration: string): Promise<EmergencyContact | null> {
	const found = await rpc(client, 'my_emergency_contact', { registration });
	return found && openContact(registration, found.contact_sealed, found.key_id);
}

/** Opens the contact of a person for the help desk or safeguarding. The database has recorded that before it answers. */
export async function readEmergencyContact(
	client: DataClient,
	summit: string,
	reference: string
): Promise<
	| Exclude<AnswerOf<'read_emergency_contact'>, { status: 'ok' }>
	| { status: 'ok'; of: string; contact: EmergencyContact | null }
> {
	const found = await rpc(client, 'read_emergency_contact', { summit, reference });
	if (found.status !== 'ok') return found;
	const contact = openContact(found.registration_id, found.contact_sealed, found.key_id);
	return { status: 'ok', of: found.display_name, contact };
}

/** Opens the contact of a minor for their guardian. The database has recorded that before it answers. */
export async function readWardEmergencyContact(
	client: DataClient,
	registration: string
): Promise<
	| Exclude<AnswerOf<'read_ward_emergency_contact'>, { status: 'ok' }>
	| { status: 'ok'; contact: EmergencyContact | null }
> {
	const found = await rpc(client, 'read_ward_emergency_contact', { registration });
	if (found.status !== 'ok') return found;
	return { status: 'ok', contact: openContact(registration, found.contact_sealed, found.key_id) };
}
