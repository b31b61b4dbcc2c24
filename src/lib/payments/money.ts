import type { PaperState } from './invoice.ts';
import type { BankOutcome } from '#lib/database/answers/payments/bank.ts';
import type { WaiverGrounds } from '#lib/database/answers/payments/waivers.ts';

export type { BankOutcome, BankRow } from '#lib/database/answers/payments/bank.ts';
export type { BooksFault } from '#lib/database/answers/payments/books.ts';
export type { FeeList, FeeRow } from '#lib/database/answers/payments/fees.ts';
export type { MoneyOverview, WholeOrder } from '#lib/database/answers/payments/finance.ts';
export type { InvoiceRow } from '#lib/database/answers/payments/invoices.ts';
export type { WaiverGrounds } from '#lib/database/answers/payments/waivers.ts';

/** The grounds of a waiver. */
export const grounds = [
	'no_budget',
	'low_income_country',
	'small_organisation',
	'lived_experience',
	'invited',
	'other'
] as const satisfies readonly WaiverGrounds[];

const groundsWords: Record<WaiverGrounds, string> = {
	no_budget: 'No budget for it',
	low_income_country: 'Works in a low-income country',
	small_organisation: 'A small organisation',
	lived_experience: 'Takes part with lived experience',
	invited: 'Invited by the organisers',
	other: 'Another reason'
};

/** Grounds for finance. */
export const groundsWord = (one: WaiverGrounds) => groundsWords[one];

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
	/** Finance decided that nobody pays. */
	has_no_fees: boolean;
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
	payment_without_event: 'A card payment that Stripe never reported',
	paid_not_in_ledger: 'Stripe’s page was paid and the ledger does not say so',
	event_not_in_ledger: 'Stripe reported a payment that is not in the ledger',
	event_mismatch: 'Stripe reported another currency or amount, which was not counted',
	refund_without_record: 'The ledger says a refund that nobody decided',
	dispute_without_event: 'A dispute that Stripe never reported',
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
export const bankOutcomeWord = (outcome: BankOutcome) => outcomeWords[outcome];

const paperStateWords: Record<PaperState, string> = {
	due: 'To be paid',
	overdue: 'Overdue',
	paid: 'Paid',
	credited: 'Credited',
	credit_note: 'Credit note'
};

/** A document's state for finance. */
export const paperStateForFinance = (state: PaperState) => paperStateWords[state];
