import type { RequestEvent } from '@sveltejs/kit';
import { callPrivate } from '#lib/database/server/pool.ts';
import { claimsOf } from '#lib/database/server/supabase.ts';
import { locale } from '#lib/i18n/locale.ts';
import { contexts, normaliseAddress, theSealer } from '#lib/people/sealing.ts';
import { clientOf } from '#lib/accounts/client-address.ts';
import { codeLengths } from '#lib/accounts/challenge.ts';
import { randomDigits, sealCode } from './codes.ts';

/** A change of address whose codes were sent. */
interface AddressChange {
	address: string;
	/** The person has a present address, whose code is needed as well. */
	needsOldCode: boolean;
}

// Bound to the person and to which of the two it is.
const hashOf = (code: string, person: string, which: 'old' | 'new') =>
	theSealer().hash(`${which} ${code} ${person}`, 'address change');

function makeCode(person: string, which: 'old' | 'new'): { hash: Buffer; secret: Buffer } {
	const code = randomDigits(codeLengths.own);
	return { hash: hashOf(code, person, which), secret: sealCode(code) };
}

/** Sends a code to the person's present address and another to the new one. */
export async function requestAddressChange(event: RequestEvent, person: string, typed: string) {
	const sealer = theSealer();
	const address = normaliseAddress(typed);
	const { sealed, keyId } = sealer.seal(address, contexts.address);
	const [present, next] = [makeCode(person, 'old'), makeCode(person, 'new')];
	const [row] = await callPrivate('request_address_change', [
		person,
		sealer.hash(clientOf(event), 'client'),
		sealer.hashAddress(address),
		sealed,
		keyId,
		present.hash,
		present.secret,
		next.hash,
		next.secret,
		locale()
	]);
	return row?.request_address_change ?? 'limited';
}

/** The change that the person asked for and has not finished; null without one. */
export async function openAddressChange(person: string): Promise<AddressChange | null> {
	const [row] = await callPrivate('open_address_change', [person]);
	if (!row?.address_sealed || !row.key_id) return null;
	return {
		address: theSealer().open(row.address_sealed, row.key_id, contexts.address),
		needsOldCode: row.needs_old_code === true
	};
}

/** Gives the open change up. */
export async function cancelAddressChange(person: string): Promise<void> {
	await callPrivate('cancel_address_change', [person]);
}

/** Changes the address when both codes are right. */
export async function confirmAddressChange(
	event: RequestEvent,
	person: string,
	{ address }: AddressChange,
	codes: { old: string; new: string }
) {
	const { account, session } = claimsOf(event.locals.token);
	if (!account || !session) return 'expired';
	const [row] = await callPrivate('confirm_address_change', [
		account,
		session,
		hashOf(codes.old, person, 'old'),
		hashOf(codes.new, person, 'new'),
		address,
		theSealer().hashAddress(address)
	]);
	return row?.confirm_address_change ?? 'expired';
}
