import { optionalLines, optionalText } from '#lib/forms/fields.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { isolated, locales } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { actOnMoney, type MoneyAct, type MoneyOutcome } from '#lib/payments/server/money.ts';
import type { RpcArgs, StatusOf } from '#lib/database/calls.ts';
import { error, type RequestEvent } from '@sveltejs/kit';
import * as v from 'valibot';

/** Statuses of success: those of payments say what the money did. */
const good = ['ok', 'paid', 'underpaid', 'revived', 'surplus', 'linked'] as const;
type Good = (typeof good)[number];

/** An act's answers with one of these statuses. */
type AnswerWith<Act extends MoneyAct, Status> =
	MoneyOutcome<Act> extends infer Answer
		? Answer extends { status: infer Own }
			? Own extends Status
				? Answer
				: never
			: never
		: never;

interface Wanted<Schema extends v.GenericSchema, Act extends MoneyAct> {
	/** Names the form among those of its page. */
	form: string;
	schema: Schema;
	act: Act;
	args: (input: v.InferOutput<Schema>) => RpcArgs<Act>[0];
	/** The text of each refusal; `field: text` shows it at a field. */
	refused: {
		[Status in Exclude<StatusOf<MoneyOutcome<Act>>, Good | 'not_allowed' | 'own'>]:
			string | ((answer: AnswerWith<Act, Status>) => string);
	} & { own?: string };
	/** The message after success. */
	done: (answer: AnswerWith<Act, Good>, input: v.InferOutput<Schema>) => string;
}

/**
 * One act of finance from a form of the page: done, or refused with a message. An unknown row and an invisible one get
 * the same 404.
 */
export function actFromForm<Schema extends v.GenericSchema, Act extends MoneyAct>(
	event: RequestEvent,
	wanted: Wanted<Schema, Act>
) {
	type Answer = MoneyOutcome<Act> & { status: string };
	const refused: Partial<Record<string, string | ((answer: Answer) => string)>> = {
		own: m.payments_organise_own(),
		...wanted.refused
	};
	const act = formAction(wanted.form, wanted.schema, async (input, { locals }: RequestEvent) => {
		const args = [wanted.args(input)] as RpcArgs<Act>;
		const answer = (await actOnMoney(locals.supabase, wanted.act, ...args)) as Answer;
		if ((good as readonly string[]).includes(answer.status))
			return { done: wanted.done(answer as AnswerWith<Act, Good>, input), name: wanted.form };
		const words = refused[answer.status] ?? error(404, m.ui_not_found());
		const message = typeof words === 'string' ? words : words(answer);
		const [, field = '', text = message] = /^([a-z_]+): ([\s\S]*)$/.exec(message) ?? [];
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
	country: optionalText(2),
	vat_id: optionalText(30),
	locale: v.picklist(locales)
});

/** The first wrong field of what an invoice says about the payer. */
export function billingRefused({ faults }: { faults: string[] }): string {
	if (faults.includes('country')) return `country: ${m.payments_vat_country_missing()}`;
	if (faults.includes('vat_id')) return `vat_id: ${m.payments_vat_id_wrong()}`;
	return `name: ${m.payments_organise_name_missing()}`;
}

/** The message when an order has changed meanwhile. */
export const orderChanged = (): string => m.payments_organise_changed();

/** Issues the invoice of an order, from a form with the fields of `billing`. */
export function issueInvoice(order: string, event: RequestEvent) {
	return actFromForm(event, {
		form: 'invoice',
		schema: billing,
		act: 'request_invoice',
		args: ({ locale: language, ...input }) => ({ order_id: order, billing: input, locale: language }),
		refused: {
			already: m.payments_organise_already(),
			invalid: billingRefused,
			not_offered: m.payments_organise_no_issuer(),
			nothing: m.payments_organise_nothing(),
			closed: orderChanged(),
			processing: m.payments_organise_processing()
		},
		done: ({ reference }) => m.payments_organise_issued({ reference: isolated(reference) })
	});
}
