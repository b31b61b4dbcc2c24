import { rpc } from '#lib/database/server/rpc.ts';
import type { Paper } from '#lib/payments/invoice.ts';
import type { MoneySettings, WholeOrder } from '#lib/payments/money.ts';
import type { VatRate } from '#lib/payments/vat.ts';
import type { StatementRow } from '#lib/payments/statement.ts';
import type { AnswerOf, RpcArgs } from '#lib/database/calls.ts';
import type { DataClient } from '#lib/database/client.ts';
import type { Enums } from '#lib/database/types.ts';

/** Acts of finance; each is one function of the database and answers a status. */
export type MoneyAct =
	| 'request_invoice'
	| 'correct_invoice'
	| 'record_bank_payment'
	| 'record_manual_refund'
	| 'make_refund_manual'
	| 'retry_refund'
	| 'refund_order'
	| 'extend_order'
	| 'write_off_order'
	| 'request_waiver'
	| 'withdraw_waiver'
	| 'decide_waiver'
	| 'apply_bank_row'
	| 'ignore_bank_row'
	| 'split_bank_row'
	| 'unsplit_bank_row'
	| 'combine_orders'
	| 'split_order'
	| 'choose_currency'
	| 'save_fee'
	| 'set_no_fees'
	| 'save_money_settings'
	| 'save_vat_rate'
	| 'remove_vat_rate'
	| 'save_account_codes'
	| 'close_journal'
	| 'save_waiver_budget';

/** What an act answers: with a status, also where the function answers nothing else. */
export type MoneyOutcome<Act extends MoneyAct> =
	AnswerOf<Act> extends infer Answer ? (Answer extends string ? { status: Answer } : Answer) : never;

/** Does one act as the reader. */
export async function actOnMoney<Act extends MoneyAct>(
	client: DataClient,
	act: Act,
	...args: RpcArgs<Act>
): Promise<MoneyOutcome<Act>> {
	const answer = await rpc(client, act, ...args);
	return (typeof answer === 'string' ? { status: answer } : answer) as MoneyOutcome<Act>;
}

/** An order of this Summit for finance; null for everybody else. */
export async function readFinanceOrder(client: DataClient, summit: string, order: string): Promise<WholeOrder | null> {
	const found = await rpc(client, 'read_finance_order', { order_id: order });
	return found?.summit_id === summit ? found : null;
}

/** A document of this Summit as its payer or finance reads it; null for everybody else. */
export async function readPaper(client: DataClient, summit: string, invoice: string): Promise<Paper | null> {
	const found = await rpc(client, 'read_invoice', { invoice });
	return found?.summit_id === summit ? found : null;
}

/** Totals by state and currency. */
export const moneyOverview = (client: DataClient, summit: string) => rpc(client, 'money_overview', { summit });

interface Page {
	limit: number;
	offset: number;
}

/** Invoices and credit notes. */
export const listInvoices = (
	client: DataClient,
	summit: string,
	{ state, query, sort }: { state: string | null; query: string; sort: string },
	page: Page
) =>
	rpc(client, 'list_invoices', {
		summit,
		state,
		query,
		sort,
		row_limit: page.limit,
		row_offset: page.offset
	});

/** Requests for a waiver, oldest first. */
export const listWaivers = (client: DataClient, summit: string, state: string, page: Page) =>
	rpc(client, 'list_waivers', {
		summit,
		state,
		row_limit: page.limit,
		row_offset: page.offset
	});

/** Rows of bank statements with the effect of each. */
export const listBankRows = (client: DataClient, summit: string, state: Enums<'bank_row_state'>, page: Page) =>
	rpc(client, 'list_bank_rows', {
		summit,
		state,
		row_limit: page.limit,
		row_offset: page.offset
	});

/** Stores a statement's rows; known ones are only counted. */
export const importStatement = (client: DataClient, summit: string, name: string, rows: StatementRow[]) =>
	rpc(client, 'import_statement', {
		summit,
		name,
		rows
	});

/** Fees and what everybody pays now and later. */
export const listFees = (client: DataClient, summit: string) => rpc(client, 'list_fees', { summit });

/** Checks the books now. */
export const checkBooks = (client: DataClient, summit: string) => rpc(client, 'check_books', { summit });

/** All rows of one kind for a file; the download is logged. */
export const exportMoney = (client: DataClient, summit: string, what: string, state: string | null) =>
	rpc(client, 'export_money', { summit, what, state });

const blank: MoneySettings = {
	transfer_allowed: false,
	issuer_name: '',
	issuer_address: '',
	issuer_tax_number: '',
	iban: '',
	bic: '',
	bank_name: '',
	invoice_prefix: 'INV',
	terms_days: 30,
	grace_days: 5,
	invoice_note: '',
	has_no_fees: false,
	vat: 'off',
	issuer_country: '',
	issuer_vat_id: '',
	issuer_registration: '',
	reverse_charge: false
};

/** A Summit's settings for invoices, as finance reads them. */
export async function readMoneySettings(client: DataClient, summit: string): Promise<MoneySettings> {
	const { data, error } = await client.from('money_settings').select('*').eq('summit_id', summit).maybeSingle();
	if (error) throw new Error(`The settings of money were refused (${error.code}).`);
	return (data as MoneySettings | null) ?? blank;
}

/** The rates of VAT that apply now, the general one first. */
export async function listVatRates(client: DataClient, summit: string): Promise<VatRate[]> {
	const { data, error } = await client
		.from('vat_rates')
		.select('id, mode, category, vat_category, percent, exemption_code, exemption_reason')
		.eq('summit_id', summit)
		.is('ended_at', null)
		.order('mode', { nullsFirst: true })
		.order('category', { nullsFirst: true });
	if (error) throw new Error(`The rates of VAT were refused (${error.code}).`);
	return data as VatRate[];
}

/** The documents issued from one day to another; the download is logged. */
export const exportPapers = (client: DataClient, summit: string, first_day: string, last_day: string) =>
	rpc(client, 'export_papers', { summit, first_day, last_day });

/** Closed periods of the journal, account codes, and what is open. */
export const readJournal = (client: DataClient, summit: string) => rpc(client, 'read_journal', { summit });

/** The entries of a closed period, or of what is open; the download is logged. */
export const exportJournal = (client: DataClient, summit: string, period: string | null) =>
	rpc(client, 'export_journal', { summit, period });
