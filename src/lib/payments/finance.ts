import { isolated } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import type { OrderState } from './order.ts';

export type { FinanceList, FinanceOrder } from '#lib/database/answers/payments/finance.ts';

export interface FinanceFilters {
	state: OrderState | null;
	query: string;
	sort: string;
	limit: number;
	offset: number;
}

const stateWords: Record<OrderState, () => string> = {
	refund_failed: m.payments_orders_state_refund_failed,
	overdue: m.payments_orders_state_overdue,
	overpaid: m.payments_orders_state_overpaid,
	owing: m.payments_state_owing,
	refunding: m.payments_orders_state_refunding,
	settled: m.payments_state_paid,
	refunded: m.payments_state_refunded,
	cancelled: m.payments_state_cancelled,
	free: m.payments_state_free,
	closed: m.payments_state_closed
};

/** An order's state for finance. */
export function orderStateWord(state: OrderState): string {
	return stateWords[state]();
}

/** The icon of an order's state: warm only where finance must act. */
export function orderStateKind(state: OrderState): 'needs' | 'bad' | 'good' | 'waiting' | 'ended' {
	if (state === 'refund_failed') return 'bad';
	if (state === 'overpaid' || state === 'overdue') return 'needs';
	if (state === 'settled') return 'good';
	return ['closed', 'refunded', 'cancelled', 'free'].includes(state) ? 'ended' : 'waiting';
}

const adjustmentWords: Record<string, () => string> = {
	payment: m.payments_entry_payment,
	refund: m.payments_entry_refund,
	waiver: m.payments_entry_waiver,
	credit: m.payments_entry_credit,
	dispute: m.payments_entry_dispute,
	dispute_won: m.payments_entry_dispute_won,
	cancellation: m.payments_entry_cancellation,
	write_off: m.payments_entry_write_off
};

/** One line of an order's ledger. */
function adjustmentWord(kind: string): string {
	return adjustmentWords[kind]?.() ?? kind;
}

/** One line of an order's ledger with its reason. */
export function entryLine({ kind, reason }: { kind: string; reason: string | null }): string {
	const entry = adjustmentWord(kind);
	return reason ? m.payments_line_reason({ entry, reason: isolated(reason) }) : entry;
}

/** A seat that an order pays: whose it is, and where. */
export function seatLine(line: { display_name: string | null; reference: string; mode: string }): string {
	const name = isolated(line.display_name || line.reference);
	return line.mode === 'in_person' ? m.payments_line_in_person({ name }) : m.payments_line_virtual({ name });
}

/** The query string of a list of orders or invoices: '' or '?…'. */
export function ordersQuery(state: string | null, query = '', page = 1, sort = ''): string {
	const search = new URLSearchParams();
	if (state) search.set('state', state);
	if (query) search.set('q', query);
	if (sort) search.set('sort', sort);
	if (page > 1) search.set('page', String(page));
	return search.size > 0 ? `?${search}` : '';
}
