import type { DataClient } from '#lib/database/client.ts';
import type { ActingLists, ActingOffer, ActingScope } from '#lib/accounts/acting.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import { contexts, normaliseAddress, theSealer } from '#lib/people/sealing.ts';

/** The details of an offer besides the address. */
interface Offered {
	scope: ActingScope;
	/** ISO instant. */
	until: string;
	/** Language of the mail, because nobody knows which language the recipient reads. */
	locale: string;
}

/**
 * Invites the holder of an address to act for the account's person. The answer is the same whether or not anybody has
 * the address.
 */
export async function offerActing(account: string, typed: string, { scope, until, locale }: Offered) {
	const sealer = theSealer();
	const address = normaliseAddress(typed);
	const { sealed, keyId } = sealer.seal(address, contexts.address);
	const [row] = await callPrivate('invite_assistant', [
		account,
		sealer.hashAddress(address),
		sealed,
		keyId,
		scope,
		until,
		locale
	]);
	return row?.invite_assistant ?? 'invalid';
}

/** The open offers of the account's person, with the addresses that they typed. */
export async function openOffers(account: string): Promise<ActingOffer[]> {
	const rows = await callPrivate('list_assistant_invitations', [account]);
	const sealer = theSealer();
	return rows.map(({ id, address_sealed, key_id, scope, until }) => ({
		id,
		address: sealer.open(address_sealed, key_id, contexts.address),
		scope,
		until: until.toISOString()
	}));
}

/** Who acts for the reader, for whom the reader acts, and who invites the reader to. */
export async function actingLists(client: DataClient): Promise<ActingLists> {
	const lists = await rpc(client, 'list_assistants');
	const for_me = lists.for_me.map(({ id, scope, until, display_name, address_sealed, key_id }) => ({
		id,
		scope,
		until,
		name:
			address_sealed === null || key_id === null
				? (display_name ?? '')
				: theSealer().open(address_sealed, key_id, contexts.address)
	}));
	return { ...lists, for_me };
}
