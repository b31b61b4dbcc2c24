import * as v from 'valibot';
import { answer } from '../answer.ts';
import type { Answers } from '../kinds.ts';
import { Paper, PaperRow } from './orders.ts';

/** An invoice or credit note in finance's list. */
export const InvoiceRow = v.strictObject({
	...PaperRow.entries,
	order_id: v.string(),
	order_reference: v.string(),
	payer: v.nullable(v.string())
});
export type InvoiceRow = v.InferOutput<typeof InvoiceRow>;

const Issued = { invoice_id: v.string(), reference: v.string(), due_on: v.nullable(v.string()) };

/** The journal as finance reads it. */
export const Journal = v.strictObject({
	periods: v.array(
		v.strictObject({ id: v.string(), last_day: v.string(), entries: v.number(), closed_at: v.string() })
	),
	/** Account codes by kind. */
	codes: v.record(v.string(), v.string()),
	/** The rates of VAT that are above zero. */
	percents: v.array(v.number()),
	/** How many rows of the ledger no closed period has. */
	open: v.number()
});
export type Journal = v.InferOutput<typeof Journal>;

const JournalEntry = v.strictObject({
	source: v.string(),
	line: v.number(),
	day: v.string(),
	document: v.string(),
	kind: v.string(),
	account: v.string(),
	event: v.string(),
	debit: v.number(),
	credit: v.number(),
	currency: v.string()
});
export type JournalEntry = v.InferOutput<typeof JournalEntry>;

/** What these functions answer. */
export const answers = {
	request_invoice: answer(
		{ ok: Issued, already: Issued, invalid: { faults: v.array(v.string()) } },
		'nothing',
		'closed',
		'processing',
		'not_offered',
		'not_allowed'
	),
	correct_invoice: answer(
		{ ok: { invoice_id: v.string(), reference: v.string() }, invalid: { faults: v.array(v.string()) } },
		'wrong_state',
		'reason_needed',
		'not_allowed'
	),
	save_money_settings: answer({ invalid: { faults: v.array(v.string()) } }, 'ok', 'not_allowed'),
	read_journal: v.nullable(Journal),
	export_journal: v.nullable(v.array(JournalEntry)),
	close_journal: answer({ ok: { id: v.string(), entries: v.number() } }, 'too_late', 'already', 'not_allowed'),
	save_account_codes: answer({ invalid: { faults: v.array(v.string()) } }, 'ok', 'not_allowed'),
	save_vat_rate: answer({ ok: { id: v.string() } }, 'overlap', 'mixed', 'needed', 'invalid', 'not_allowed'),
	read_invoice: v.nullable(Paper),
	export_papers: v.nullable(answer({ ok: { papers: v.array(Paper) } }, 'too_many', 'invalid')),
	list_invoices: v.nullable(
		v.strictObject({
			total: v.number(),
			counts: v.record(v.string(), v.number()),
			rows: v.array(InvoiceRow)
		})
	)
} satisfies Answers;
