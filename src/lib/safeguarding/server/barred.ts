import { rpc } from '#lib/database/server/rpc.ts';
import { contexts, theSealer } from '#lib/people/sealing.ts';
import type { BarAct, BarDetails, BarEntry } from '#lib/safeguarding/barred.ts';
import type { AnswerOf } from '#lib/database/calls.ts';
import type { DataClient } from '#lib/database/client.ts';
import { hashName } from './names.ts';

/** What was filled in for a new entry; empty texts for what is not known. `until` is an instant. */
interface NewBar extends BarDetails {
	registration: string;
	country: string;
	address: string;
	until: string | null;
	everywhere: boolean;
}

function openDetails(sealed: string, keyId: string): BarDetails | null {
	try {
		return JSON.parse(theSealer().open(sealed, keyId, contexts.watchList)) as BarDetails;
	} catch {
		return null;
	}
}

/** The whole list, decrypted, for safeguarding leads; null for everybody else. The database logs the reading. */
export async function readBarredList(
	client: DataClient,
	summit: string
): Promise<{ mayEverywhere: boolean; entries: BarEntry[] } | null> {
	const list = await rpc(client, 'read_watch_list', {
		summit
	});
	return (
		list && {
			mayEverywhere: list.may_everywhere,
			entries: list.entries.map(({ details_sealed, key_id, ...entry }) => ({
				...entry,
				details: openDetails(details_sealed, key_id)
			}))
		}
	);
}

/** Proposes an entry. */
export async function addBarredEntry(
	client: DataClient,
	summit: string,
	bar: NewBar
): Promise<AnswerOf<'add_watch_list_entry'>['status']> {
	const { name, born_on, reason, source } = bar;
	const { sealed, keyId } = theSealer().seal(JSON.stringify({ name, born_on, reason, source }), contexts.watchList);
	const hashes = name === '' ? null : hashName(name);
	const answer = await rpc(client, 'add_watch_list_entry', {
		summit,
		fields: {
			everywhere: bar.everywhere,
			registration: bar.registration,
			name,
			country: bar.country,
			until: bar.until,
			details_sealed: sealed.toString('hex'),
			key_id: keyId,
			address_hash: bar.address === '' ? '' : theSealer().hashAddress(bar.address).toString('hex'),
			...(hashes && {
				name_key_hash: hashes.key.toString('hex'),
				name_skeleton_hash: hashes.skeleton.toString('hex')
			})
		}
	});
	return answer.status;
}

/** Does one of the acts on an entry. */
export function actOnBarredEntry(client: DataClient, summit: string, entry: string, action: BarAct) {
	return rpc(client, 'update_watch_list_entry', { summit, entry, action });
}

/** Decides whether an entry means this person. */
export function resolveBarMatch(client: DataClient, summit: string, match: string, same: boolean) {
	return rpc(client, 'resolve_watch_list_match', { summit, match, same });
}

/** Declines the person of a match, without a visible reason. */
export function declineBarred(client: DataClient, summit: string, match: string) {
	return rpc(client, 'decline_barred', { summit, match });
}
