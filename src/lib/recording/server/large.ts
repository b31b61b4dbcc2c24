import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import type { LargeAudience } from '#lib/recording/recording.ts';
import { hasEgress } from './choice.ts';

/**
 * Whether a run is sent to a large audience; null where this installation cannot, or for readers who may not see it.
 */
export async function readLarge(client: DataClient, run: string): Promise<LargeAudience | null> {
	return hasEgress() ? rpc(client, 'large_audience_state', { run }) : null;
}

/** Turns the stream for a large audience on or off. */
export function setLarge(client: DataClient, run: string, isOn: boolean) {
	return rpc(client, 'set_large_audience', { run, is_on: isOn });
}
