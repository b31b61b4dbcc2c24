import type { LiveOverview } from '#lib/database/answers/organising.ts';
import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';

/** The day at a glance, for those who read the day at the doors; null for all others. */
export async function readLiveOverview(client: DataClient, summit: string): Promise<LiveOverview | null> {
	return rpc(client, 'read_live_overview', { summit });
}
