import { rpc } from '#lib/database/server/rpc.ts';
import type { DataClient } from '#lib/database/client.ts';

/** What the reader may do with an order that they pay; null for an order that is none of theirs. */
export const readPayerChoices = (client: DataClient, order: string) =>
	rpc(client, 'read_payer_choices', { order_id: order });

/** The orders and fees of each member whose focal point the reader is. */
export const delegationMoney = async (client: DataClient, summit: string) =>
	(await rpc(client, 'list_delegation_orders', { summit })) ?? [];
