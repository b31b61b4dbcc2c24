import { m } from '#lib/i18n/messages.ts';
import type { Order, OrderState } from '#lib/database/answers/payments/orders.ts';

export type { Order, OrderState } from '#lib/database/answers/payments/orders.ts';

/** Every state, in the order of urgency for finance. */
export const orderStates = [
	'refund_failed',
	'overdue',
	'overpaid',
	'owing',
	'refunding',
	'settled',
	'refunded',
	'cancelled',
	'free',
	'closed'
] as const satisfies readonly OrderState[];

/** What a payer sees after Stripe's page. */
type PaymentOutcome = 'waiting' | 'processing' | 'received' | 'late' | 'closed';

/** Reads the outcome of a payment from its order. */
export function outcomeOf(order: Order): PaymentOutcome {
	if (order.is_late) return 'late';
	if (order.paid > 0 && order.balance <= 0) return 'received';
	if (order.is_processing) return 'processing';
	if (order.balance <= 0) return 'received';
	return order.closed_at === null ? 'waiting' : 'closed';
}

/** The item of an order, in the reader's words; it goes to Stripe and names nobody. */
export function itemName({ modes }: Pick<Order, 'modes'>, summit: string): string {
	if (modes.length !== 1) return m.payments_item_seats({ summit });
	return modes[0] === 'in_person' ? m.payments_item_in_person({ summit }) : m.payments_item_virtual({ summit });
}

/** An order's state for its payer; a refund that Stripe refused is finance's concern, not theirs. */
export function payerStateWord({ state }: Pick<Order, 'state'>): string {
	const words: Record<OrderState, () => string> = {
		refund_failed: m.payments_state_refunding,
		refunding: m.payments_state_refunding,
		overpaid: m.payments_state_refunding,
		settled: m.payments_state_paid,
		refunded: m.payments_state_refunded,
		cancelled: m.payments_state_cancelled,
		free: m.payments_state_free,
		closed: m.payments_state_closed,
		overdue: m.payments_state_owing,
		owing: m.payments_state_owing
	};
	return words[state]();
}

/** The icon beside that word. */
export function payerStateKind({ state }: Pick<Order, 'state'>): 'needs' | 'good' | 'waiting' | 'ended' {
	if (state === 'owing' || state === 'overdue') return 'needs';
	if (state === 'settled') return 'good';
	return state === 'refunding' || state === 'refund_failed' || state === 'overpaid' ? 'waiting' : 'ended';
}
