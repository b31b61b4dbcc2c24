import type { JournalEntry } from '#lib/database/answers/payments/invoices.ts';
import { minorDigits } from '#lib/i18n/currency.ts';
import { m } from '#lib/i18n/messages.ts';

export type { Journal, JournalEntry } from '#lib/database/answers/payments/invoices.ts';

/** Kinds of accounts for which finance chooses a code; each rate of VAT may have one more, like `vat:19`. */
export const accountKinds = [
	'receivables',
	'bank',
	'desk',
	'stripe',
	'revenue_in_person',
	'revenue_virtual',
	'vat',
	'waivers',
	'write_offs'
] as const;
export type AccountKind = (typeof accountKinds)[number];

const words: Record<AccountKind, () => string> = {
	receivables: m.payments_account_receivables,
	bank: m.payments_account_bank,
	desk: m.payments_account_desk,
	stripe: m.payments_account_stripe,
	revenue_in_person: m.payments_account_revenue_in_person,
	revenue_virtual: m.payments_account_revenue_virtual,
	vat: m.payments_account_vat,
	waivers: m.payments_account_waivers,
	write_offs: m.payments_account_write_offs
};

/** A kind of account, in words. */
export const accountWord = (kind: AccountKind): string => words[kind]();

// The same digits in every file: 450.50, never 450.5 or 4,5e2.
function decimal(minor: number, currency: string): string {
	const digits = minorDigits(currency);
	if (minor === 0) return '';
	const figures = String(minor).padStart(digits + 1, '0');
	return digits === 0 ? figures : `${figures.slice(0, -digits)}.${figures.slice(-digits)}`;
}

/** The entries as a table with its heading. Column names are the same in every language, for programs that read them. */
export function journalTable(entries: readonly JournalEntry[]): string[][] {
	return [
		['date', 'document', 'source', 'event', 'kind', 'account', 'debit', 'credit', 'currency'],
		...entries.map((entry) => [
			entry.day,
			entry.document,
			`${entry.source}:${entry.line}`,
			entry.event,
			entry.kind,
			entry.account,
			decimal(entry.debit, entry.currency),
			decimal(entry.credit, entry.currency),
			entry.currency
		])
	];
}
