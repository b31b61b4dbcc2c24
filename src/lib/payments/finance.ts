import type { OrderState } from './order.ts';

/** One order as finance reads it. Amounts in minor units. */
export interface FinanceOrder {
	id: string;
	reference: string;
	payer: string | null;
	payer_kind: 'person' | 'member';
	currency: string;
	charged: number;
	paid: number;
	returned: number;
	balance: number;
	due_at: string;
	closed_at: string | null;
	created_at: string;
	state: OrderState;
	registrations: { id: string; reference: string; display_name: string; state: string; mode: string; amount: number }[];
	adjustments: {
		id: number;
		kind: string;
		amount: number;
		provider: string | null;
		provider_ref: string | null;
		reason: string;
		at: string;
	}[];
	refunds: { id: string; amount: number; state: string; failure: string | null; attempts: number; by_hand: boolean }[];
}

export interface FinanceFilters {
	state: OrderState | null;
	query: string;
	limit: number;
	offset: number;
}

/** A page of orders, with totals of all orders of the Summit. */
export interface FinanceList {
	total: number;
	counts: Partial<Record<OrderState, number>>;
	sums: { currency: string; charged: number; paid: number; returned: number; outstanding: number | null }[];
	rows: FinanceOrder[];
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
