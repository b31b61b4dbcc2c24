import { optionalLines, optionalText } from '#lib/forms/fields.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { isolated } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { actOnMoney, type MoneyAnswer, type MoneyAct } from '#lib/payments/server/money.ts';
import { error, type RequestEvent } from '@sveltejs/kit';
import * as v from 'valibot';

interface Wanted<Schema extends v.GenericSchema> {
	/** Names the form among those of its page. */
	form: string;
	schema: Schema;
	call: (input: v.InferOutput<Schema>) => MoneyAct;
	/** The text of each refusal; `field: text` shows it at a field. */
	refused: Record<string, string | ((answer: MoneyAnswer) => string)>;
	/** The message after success. */
	done: (answer: MoneyAnswer) => string;
	/** Statuses that count as success besides ok. */
	good?: readonly string[];
}

/**
 * One act of finance from a form of the page: done, or refused with a message. An unknown row and an invisible one get
 * the same 404.
 */
export function actFromForm<Schema extends v.GenericSchema>(event: RequestEvent, wanted: Wanted<Schema>) {
	const act = formAction(wanted.form, wanted.schema, async (input, { locals }: RequestEvent) => {
		const answer = await actOnMoney(locals.supabase, ...wanted.call(input));
		const { status } = answer;
		if (status === 'ok' || wanted.good?.includes(status)) return { done: wanted.done(answer), name: wanted.form };
		if (status === 'not_allowed') error(404, m.ui_not_found());
		const words =
			wanted.refused[status] ?? (status === 'own' ? m.payments_organise_own() : m.payments_organise_not_possible());
		const said = typeof words === 'string' ? words : words(answer);
		const [, field = '', text = said] = /^([a-z_]+): ([\s\S]*)$/.exec(said) ?? [];
		return refuse(field, text);
	});
	return act(event);
}

/** Why a waiver cannot be decided, on any page. */
export const waiverRefused = () => ({
	own: m.payments_organise_waiver_own(),
	wrong_state: m.payments_organise_waiver_decided(),
	nothing: m.payments_organise_waiver_nothing()
});

/** What an invoice may say about the payer. */
export const billing = v.object({
	name: optionalText(200),
	address: optionalLines(500),
	tax_number: optionalText(60),
	purchase_order: optionalText(60),
	locale: v.picklist(['en', 'fr', 'es', 'ar'])
});

/** The message when an order has changed meanwhile. */
export const orderChanged = (): string => m.payments_organise_changed();

/** Issues the invoice of an order, from a form with the fields of `billing`. */
export function issueInvoice(order: string, event: RequestEvent) {
	return actFromForm(event, {
		form: 'invoice',
		schema: billing,
		call: ({ locale: language, ...input }) => [
			'request_invoice',
			{ order_id: order, billing: input, locale: language }
		],
		refused: {
			already: m.payments_organise_already(),
			invalid: `name: ${m.payments_organise_name_missing()}`,
			not_offered: m.payments_organise_no_issuer(),
			nothing: m.payments_organise_nothing(),
			closed: orderChanged(),
			processing: m.payments_organise_processing()
		},
		done: ({ reference }) => m.payments_organise_issued({ reference: isolated(String(reference)) })
	});
}
