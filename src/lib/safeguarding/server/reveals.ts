import type { ListedReveal } from '#lib/database/answers/safeguarding/reveals.ts';
import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { contexts, theSealer } from '#lib/people/sealing.ts';
import type { Reveal } from '../reveals.ts';

function sealReason(reason: string): { reason_sealed: string; key_id: string } {
	const { sealed, keyId } = theSealer().seal(reason, contexts.reveal);
	return { reason_sealed: sealed.toString('hex'), key_id: keyId };
}

function openReason({ reason_sealed, key_id, ...shown }: ListedReveal): Reveal {
	return { ...shown, reason: theSealer().tryOpen(reason_sealed, key_id, contexts.reveal) };
}

/** The reveals of a Summit, the newest first: all of them for leads, their own for the help desk. */
export async function listReveals(client: DataClient, summit: string): Promise<Reveal[]> {
	return (await rpc(client, 'list_reveals', { summit })).map(openReason);
}

/** Asks to open the name of the person with a reference. */
export function askReveal(client: DataClient, summit: string, reference: string, reason: string) {
	return rpc(client, 'ask_reveal', { summit, reference, ...sealReason(reason) });
}

/** Asks to open the names that a list for the host state withholds. */
export function askHostListReveal(client: DataClient, summit: string, list: string, reason: string) {
	return rpc(client, 'ask_host_list_reveal', { summit, list, ...sealReason(reason) });
}

/** Confirms or refuses, as the second person. */
export function decideReveal(client: DataClient, reveal: string, confirmed: boolean) {
	return rpc(client, 'decide_reveal', { reveal, confirmed });
}

/** Takes a request back. */
export function withdrawReveal(client: DataClient, reveal: string) {
	return rpc(client, 'withdraw_reveal', { reveal });
}

/** Marks that a person was told by a lead. */
export function markRevealTold(client: DataClient, reveal: string, person: string) {
	return rpc(client, 'mark_reveal_told', { reveal, person });
}

/** Opens a name, once; the database recorded it before. Null when it cannot be opened, or not any more. */
export async function showRevealedName(client: DataClient, reveal: string) {
	const found = await rpc(client, 'show_revealed_name', { reveal });
	if (found.status !== 'ok') return null;
	const { sealed, key_id } = found.real_name;
	return {
		alias: found.display_name,
		reference: found.reference,
		name: theSealer().open(sealed, key_id, contexts.realName)
	};
}
