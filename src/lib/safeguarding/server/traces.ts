import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import type { AliasTraces, ListedTraces } from '#lib/safeguarding/traces.ts';

/** What cannot be removed of the reader's former name; null when there was none. */
export function myAliasTraces(client: DataClient): Promise<AliasTraces | null> {
	return rpc(client, 'my_alias_traces');
}

/** For safeguarding: the same for everybody who participates in a Summit; null for everybody else. */
export function listAliasTraces(client: DataClient, summit: string): Promise<ListedTraces[] | null> {
	return rpc(client, 'list_alias_traces', { summit });
}
