import { m } from '#lib/i18n/messages.ts';
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

const groundsWords: Record<WaiverGrounds, () => string> = {
	no_budget: m.payments_waiver_word_no_budget,
	low_income_country: m.payments_waiver_word_low_income_country,
	small_organisation: m.payments_waiver_word_small_organisation,
	lived_experience: m.payments_waiver_word_lived_experience,
	invited: m.payments_waiver_word_invited,
	other: m.payments_waiver_other
};

/** Grounds for finance. */
export const groundsWord = (one: WaiverGrounds) => groundsWords[one]();

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
	vat: 'off' | 'included' | 'added';
	issuer_country: string;
	issuer_vat_id: string;
	issuer_registration: string;
	/** Businesses in other countries of the EU account for the VAT. */
	reverse_charge: boolean;
}

export const booksColumns = {
	lines: m.payments_charged,
	cancelled: m.payments_state_cancelled,
	credited: m.payments_credited,
	waived: m.payments_books_waived,
	by_card: m.payments_books_by_card,
	by_bank: m.payments_books_by_bank,
	returned: m.payments_returned,
	disputed: m.payments_books_disputed,
	balance: m.payments_balance,
	invoiced: m.payments_books_invoiced
} as const;
export type BooksColumn = keyof typeof booksColumns;

const faultWords: Record<string, () => string> = {
	open_but_settled: m.payments_fault_open_but_settled,
	balance: m.payments_fault_balance,
	asked_below_zero: m.payments_fault_asked_below_zero,
	refund_above_paid: m.payments_fault_refund_above_paid,
	refund_not_in_ledger: m.payments_fault_refund_not_in_ledger,
	invoiced: m.payments_fault_invoiced,
	line_below_zero: m.payments_fault_line_below_zero,
	waived_above_line: m.payments_fault_waived_above_line,
	confirmed_unpaid: m.payments_fault_confirmed_unpaid,
	number_gap: m.payments_fault_number_gap,
	last_number: m.payments_fault_last_number,
	paper_changed: m.payments_fault_paper_changed,
	paper_currency: m.payments_fault_paper_currency,
	credited_above_invoice: m.payments_fault_credited_above_invoice,
	waived_above_budget: m.payments_fault_waived_above_budget,
	waiver_without_request: m.payments_fault_waiver_without_request,
	payment_without_event: m.payments_fault_payment_without_event,
	paid_not_in_ledger: m.payments_fault_paid_not_in_ledger,
	event_not_in_ledger: m.payments_fault_event_not_in_ledger,
	event_mismatch: m.payments_fault_event_mismatch,
	refund_without_record: m.payments_fault_refund_without_record,
	dispute_without_event: m.payments_fault_dispute_without_event,
	dispute_won_unlost: m.payments_fault_dispute_won_unlost,
	transfer_without_source: m.payments_fault_transfer_without_source,
	row_not_in_ledger: m.payments_fault_row_not_in_ledger,
	money_without_provider: m.payments_fault_money_without_provider
};

/** A discrepancy, in words. */
export const faultWord = (code: string) => faultWords[code]?.() ?? code;

const outcomeWords: Record<BankOutcome, () => string> = {
	matched: m.payments_bank_outcome_matched,
	partial: m.payments_bank_outcome_partial,
	overpaid: m.payments_bank_outcome_overpaid,
	late: m.payments_bank_outcome_late,
	recorded: m.payments_bank_outcome_recorded,
	currency: m.payments_bank_outcome_currency,
	unknown: m.payments_bank_outcome_unknown
};

/** The effect of confirming a row, in words. */
export const bankOutcomeWord = (outcome: BankOutcome) => outcomeWords[outcome]();

const paperStateWords: Record<PaperState, () => string> = {
	due: m.payments_paper_state_due,
	overdue: m.payments_paper_state_overdue,
	paid: m.payments_paper_state_paid,
	credited: m.payments_paper_state_credited_short,
	credit_note: m.payments_paper_credit_note
};

/** A document's state for finance. */
export const paperStateForFinance = (state: PaperState) => paperStateWords[state]();
