import type { AnswerOf } from '#lib/database/calls.ts';
import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import { newCode } from '#lib/forms/server/new-code.ts';
import { contexts, normaliseAddress, sealedAddress, theSealer } from '#lib/people/sealing.ts';
import { deskCodeLength, type AtDesk, type RegistrationMatch } from '../desk.ts';
import type { ProtectedPerson, SealedLookup, WalkInResult } from '#lib/database/answers/help-desk.ts';

const purpose = 'help desk code';
// A mistyped code usually has a correct first half, by which wrong tries are counted.
const halfOf = (code: string) => theSealer().hash(code.slice(0, deskCodeLength / 2), 'half of a help desk code');

/** What to search for: a badge's id, an address, or a name, a reference or a badge code. */
export type Wanted = { badge: string } | { address: string } | { text: string };

/** The matching people of the Summit; null for readers who are not of the desk. */
export function findAtDesk(client: DataClient, summit: string, wanted: Wanted): Promise<RegistrationMatch[] | null> {
	const by =
		'badge' in wanted
			? { badge: wanted.badge }
			: 'address' in wanted
				? { address_hash: theSealer().hashAddress(normaliseAddress(wanted.address)).toString('hex') }
				: { query: wanted.text };
	return rpc(client, 'find_desk_registrations', { summit, ...by });
}

/** The desk's view of one person; null for readers who are not of the desk. */
export function readAtDesk(client: DataClient, registration: string): Promise<AtDesk | null> {
	return rpc(client, 'read_desk_registration', { registration });
}

/** A walk-in as the desk enters it. */
interface Guest {
	display_name: string;
	office: string;
	affiliation: string;
	country: string;
	category: string;
	member_id: string;
	mode: string;
	agreed: boolean;
	/** The form's own id: sent twice, it registers one person. */
	once: string;
}

/** Registers and accredits on the spot, under the seat rules for everybody; `address` may be ''. */
export function walkIn(client: DataClient, summit: string, guest: Guest, address: string): Promise<WalkInResult> {
	const sealed = address === '' ? null : sealedAddress(normaliseAddress(address));
	const own = sealed && { address_hash: sealed.hash, address_sealed: sealed.sealed, key_id: sealed.key_id };
	return rpc(client, 'register_walk_in', { summit, guest: { ...guest, ...own } });
}

/** A code of five minutes for one person's account, after the named check. */
export async function issueDeskCode(
	client: DataClient,
	registration: string,
	checked: string
): Promise<AnswerOf<'issue_desk_code'> & { code: string }> {
	const code = newCode(deskCodeLength);
	const code_hash = theSealer().hash(code, purpose).toString('hex');
	const values = { registration, code_hash, first_half_hash: halfOf(code).toString('hex'), checked };
	return { ...(await rpc(client, 'issue_desk_code', values)), code };
}

/** The address that a code signs in, or why none: wrong (or old, or used) and limited. */
export async function useDeskCode(
	code: string,
	client: string
): Promise<{ address: string } | { refusal: 'wrong' | 'limited' }> {
	const sealer = theSealer();
	const [row] = await callPrivate('use_desk_code', [
		sealer.hash(code, purpose),
		halfOf(code),
		sealer.hash(client, 'client')
	]);
	if (row?.status === 'limited') return { refusal: 'limited' };
	if (!row?.address_sealed || !row.key_id) return { refusal: 'wrong' };
	return { address: sealer.open(row.address_sealed, row.key_id, contexts.address) };
}

/** For safeguarding; null for everybody else. */
export function listSealedLookups(client: DataClient, summit: string): Promise<SealedLookup[] | null> {
	return rpc(client, 'list_sealed_lookups', { summit });
}

/** For safeguarding; null for everybody else. */
export function listProtected(client: DataClient, summit: string): Promise<ProtectedPerson[] | null> {
	return rpc(client, 'list_protected_people', { summit });
}
