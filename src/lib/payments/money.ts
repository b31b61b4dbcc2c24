import type { PaperRow, PaperState } from './invoice.ts';
import type { FinanceOrder } from './finance.ts';
import type { OrderState } from './order.ts';

/** An order on finance's own page. Amounts in minor units, instants ISO. */
export interface WholeOrder extends FinanceOrder {
	summit_id: string;
	invoices: PaperRow[];
	waivers: { id: string; state: string; amount: number | null; created_at: string }[];
	/** The amount that was received and not refunded, or being refunded. */
	cash: number;
	/** The payer is protected: their documents show the displayed name. */
	has_alias: boolean;
	billing: { name: string; address: string; tax_number: string; purchase_order: string } | null;
	can_invoice: boolean;
}

/** Totals of a Summit's payments. */
export interface MoneyOverview {
	states: {
		currency: string;
		state: OrderState;
		orders: number;
		charged: number;
		paid: number;
		returned: number;
		balance: number;
	}[];
	waivers: { currency: string; budget: number; waived: number }[];
	waiting: {
		waivers: number;
		bank_rows: number;
		hand_refunds: number;
		failed_refunds: number;
		overdue_invoices: number;
	};
}

/** An invoice or credit note in finance's list. */
export interface InvoiceRow extends PaperRow {
	order_id: string;
	order_reference: string;
	payer: string | null;
}

export interface Paged<Row> {
	total: number;
	counts: Record<string, number>;
	rows: Row[];
}

/** The effect of confirming a row of a bank statement. */
export type BankOutcome = 'matched' | 'partial' | 'overpaid' | 'late' | 'recorded' | 'currency' | 'unknown';

export interface BankRow {
	id: string;
	statement: string;
	line: number;
	booked_on: string;
	amount: number;
	currency: string;
	words: string;
	state: 'open' | 'applied' | 'linked' | 'set_aside' | 'divided' | 'returned';
	/** False for a returned payment. */
	is_incoming: boolean;
	/** One of the parts into which a payment was divided. */
	is_part: boolean;
	note: string;
	outcome: BankOutcome;
	order: { id: string; reference: string; balance: number; payer: string | null } | null;
}

/** A request for a waiver, as finance sees it. */
export interface WaiverRow {
	id: string;
	state: 'open' | 'approved' | 'refused' | 'withdrawn';
	grounds: Grounds;
	explanation: string;
	amount: number | null;
	answer: string;
	created_at: string;
	order_id: string;
	order: string;
	currency: string;
	registration: string;
	display_name: string;
	member: string | null;
	owed: number;
	by_focal: boolean;
	decided_by: string | null;
	/** Requested by or for the reader, who may not decide it. */
	own: boolean;
}

/** The grounds of a waiver. */
export const grounds = [
	'no_budget',
	'low_income_country',
	'small_organisation',
	'lived_experience',
	'invited',
	'other'
] as const;
export type Grounds = (typeof grounds)[number];

const groundsWords: Record<Grounds, string> = {
	no_budget: 'No budget for it',
	low_income_country: 'Works in a low-income country',
	small_organisation: 'A small organisation',
	lived_experience: 'Takes part with lived experience',
	invited: 'Invited by the organisers',
	other: 'Another reason'
};

/** Grounds for finance. */
export const groundsWord = (one: Grounds) => groundsWords[one];

export interface FeeRow {
	id: string;
	mode: 'in_person' | 'virtual';
	category: string | null;
	sector: string | null;
	amount: number;
	currency: string;
	valid_from: string | null;
	valid_until: string | null;
}

/** Fees, and what each kind of person pays at each date. */
export interface FeeList {
	currencies: string[];
	complete: string[];
	moments: string[];
	fees: FeeRow[];
	paid: {
		mode: 'in_person' | 'virtual';
		sector: string | null;
		category: string;
		currency: string;
		amounts: number[];
	}[];
}

export interface MoneySettings {
	transfer_allowed: boolean;
	issuer_name: string;
	issuer_address: string;
	issuer_tax_number: string;
	iban: string;
	bic: string;
	bank_name: string;
	invoice_prefix: string;
	terms_days: number;
	grace_days: number;
	invoice_note: string;
}

/** A discrepancy in the books. */
export interface BooksFault {
	code: string;
	subject: string | null;
	order_id: string | null;
	currency: string | null;
	expected: number | null;
	found: number | null;
}

export interface Books {
	checked_at: string;
	faults: BooksFault[];
	night: { ran_at: string; faults: number } | null;
	totals: (Record<BooksColumn, number> & { currency: string; orders: number })[];
}

export const booksColumns = {
	lines: 'Charged',
	cancelled: 'Cancelled',
	credited: 'Credited',
	waived: 'Waived',
	by_card: 'Paid by card',
	by_bank: 'Paid by bank',
	returned: 'Returned',
	disputed: 'Disputed',
	balance: 'Balance',
	invoiced: 'Invoiced, less credit notes'
} as const;
export type BooksColumn = keyof typeof booksColumns;

const faultWords: Record<string, string> = {
	open_but_settled: 'The order is open and owes nothing',
	balance: 'What the closed order owes is not what its refunds and disputes say',
	asked_below_zero: 'More was taken off the order than it ever charged',
	refund_above_paid: 'More goes back than was paid',
	refund_not_in_ledger: 'A refund is done and the ledger does not say so',
	invoiced: 'Invoices less credit notes are not what the order asks for',
	line_below_zero: 'More was taken off a registration than it was charged',
	waived_above_line: 'More was waived than the registration was charged',
	confirmed_unpaid: 'The seat is confirmed and the order is not paid',
	number_gap: 'A number is missing in the series',
	last_number: 'The series does not end with its last number',
	paper_changed: 'The paper does not say what was issued',
	paper_currency: 'The paper is in another currency than its order',
	credited_above_invoice: 'More was credited than the invoice says',
	waived_above_budget: 'More was waived than the budget allows',
	waiver_without_request: 'A waiver was not granted by a decision',
	payment_without_event: 'A payment by card that Stripe never told of',
	paid_not_in_ledger: 'Stripe’s page was paid and the ledger does not say so',
	event_not_in_ledger: 'Stripe told of a payment that is not in the ledger',
	event_mismatch: 'Stripe told of money in another currency or amount, which was not counted',
	refund_without_record: 'The ledger says a refund that nobody decided',
	dispute_without_event: 'A dispute that Stripe never told of',
	dispute_won_unlost: 'A dispute was won that was never lost',
	transfer_without_source: 'A transfer that no statement and nobody of finance has recorded',
	row_not_in_ledger: 'A row of a statement was counted and the ledger does not say so',
	money_without_provider: 'Money without a word of how it came or went'
};

/** A discrepancy, in words. */
export const faultWord = (code: string) => faultWords[code] ?? code;

const outcomeWords: Record<BankOutcome, string> = {
	matched: 'Pays the order',
	partial: 'Pays a part of it',
	overpaid: 'More than is owed: the rest goes back by hand',
	late: 'The order is closed: its seat if there is one, else the money goes back',
	recorded: 'Typed in before: only linked, not counted again',
	currency: 'Another currency than the order’s',
	unknown: 'No order found'
};

/** The effect of confirming a row, in words. */
export const outcomeWord = (outcome: BankOutcome) => outcomeWords[outcome];

const paperStateWords: Record<PaperState, string> = {
	due: 'To be paid',
	overdue: 'Overdue',
	paid: 'Paid',
	credited: 'Credited',
	credit_note: 'Credit note'
};

/** A document's state for finance. */
export const paperStateForFinance = (state: PaperState) => paperStateWords[state];
