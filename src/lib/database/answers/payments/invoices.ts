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
