import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import type { WaitingList } from '../waiting.ts';

/** What waits for the reader's roles at a Summit. */
export async function listWaiting(client: DataClient, summit: string): Promise<WaitingList> {
	return rpc(client, 'list_waiting', { summit });
}
