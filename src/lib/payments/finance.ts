import type { OrderState } from './order.ts';

export type { FinanceList, FinanceOrder } from '#lib/database/answers/payments/finance.ts';

export interface FinanceFilters {
	state: OrderState | null;
	query: string;
	limit: number;
	offset: number;
}

const stateWords: Record<OrderState, string> = {
	refund_failed: 'Refund refused',
	overdue: 'Overdue',
	overpaid: 'Paid too much',
	owing: 'To be paid',
	refunding: 'Being returned',
	settled: 'Paid',
	refunded: 'Refunded',
	cancelled: 'Cancelled',
	free: 'Nothing to pay',
	closed: 'Closed'
};

/** An order's state for finance. */
export function orderStateWord(state: OrderState): string {
	return stateWords[state];
}

/** The icon of an order's state: warm only where finance must act. */
export function orderStateKind(state: OrderState): 'needs' | 'bad' | 'good' | 'waiting' | 'ended' {
	if (state === 'refund_failed') return 'bad';
	if (state === 'overpaid' || state === 'overdue') return 'needs';
	if (state === 'settled') return 'good';
	return ['closed', 'refunded', 'cancelled', 'free'].includes(state) ? 'ended' : 'waiting';
}

const adjustmentWords: Record<string, string> = {
	payment: 'Payment',
	refund: 'Refund',
	waiver: 'Waiver',
	credit: 'Credit',
	dispute: 'Disputed',
	dispute_won: 'Dispute won',
	cancellation: 'Cancellation',
	write_off: 'Written off'
};

/** One line of an order's ledger. */
export function adjustmentWord(kind: string): string {
	return adjustmentWords[kind] ?? kind;
}

/** The query string of the list of orders: '' or '?…'. */
export function ordersQuery(state: string | null, query: string, page: number): string {
	const search = new URLSearchParams();
	if (state) search.set('state', state);
	if (query) search.set('q', query);
	if (page > 1) search.set('page', String(page));
	return search.size > 0 ? `?${search}` : '';
}
