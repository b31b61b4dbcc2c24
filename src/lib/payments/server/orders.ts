import { rpc } from '#lib/database/server/rpc.ts';
import type { FinanceList, FinanceFilters } from '#lib/payments/finance.ts';
import type { Order } from '#lib/payments/order.ts';
import type { DataClient } from '#lib/database/client.ts';

/** An order that the reader pays, is paid for by, or manages; null for any other, existing or not. */
export async function readOrder(client: DataClient, summit: string, order: string): Promise<Order | null> {
	const found = await rpc(client, 'read_order', { order_id: order });
	return found?.summit_id === summit ? found : null;
}

/** A Summit's orders for finance; null for readers who may not see them. */
export async function listOrders(
	client: DataClient,
	summit: string,
	filters: FinanceFilters
): Promise<FinanceList | null> {
	const { state, query, sort, limit, offset } = filters;
	const answer = await rpc(client, 'list_orders', {
		summit,
		state,
		query,
		row_limit: limit,
		row_offset: offset,
		sort
	});
	return answer.status === 'ok' ? answer : null;
}

/** Requests a refund again that Stripe refused. */
export async function retryRefund(client: DataClient, refund: string) {
	return rpc(client, 'retry_refund', { refund });
}
