import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';

/** What a reference stands for; null for readers who may not look it up. */
export const findFault = (client: DataClient, summit: string, reference: string) =>
	rpc(client, 'find_fault', { summit, fault_reference: reference });

/** The last faults; null for readers who may not look them up. */
export const listFaults = (client: DataClient, summit: string) => rpc(client, 'list_faults', { summit });
