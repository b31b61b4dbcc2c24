import { id } from '#lib/forms/fields.ts';
import { parseForm } from '#lib/forms/parse.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { actOnMoney } from '#lib/payments/server/money.ts';
import { error, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { RequestHandler } from './$types';

const change = v.variant('act', [
	v.object({ act: v.literal('currency'), order: id(), currency: v.pipe(v.string(), v.regex(/^[A-Z]{3}$/)) }),
	v.object({ act: v.literal('withdraw'), order: id(), request: id() })
]);

/** Small changes on the payment page of an order: its currency, or the withdrawal of a waiver request. */
export const POST: RequestHandler = async ({ locals, params, request }) => {
	const parsed = parseForm(await request.formData(), change);
	if (!parsed.ok) error(404, m.ui_not_found());
	const { output } = parsed;
	const page = (order: string, more = '') => href(`/${params.summit}/me/pay?order=${order}${more}`);
	if (output.act === 'withdraw') {
		// The next page shows what was decided meanwhile.
		await actOnMoney(locals.supabase, 'withdraw_waiver', { request: output.request });
		redirect(303, page(output.order));
	}
	const { order, currency } = output;
	const answer = await actOnMoney(locals.supabase, 'choose_currency', { order_id: order, currency });
	if (answer.status === 'not_allowed') error(404, m.ui_not_found());
	redirect(303, answer.status === 'not_offered' ? page(order, '&refused') : page(answer.order_id));
};
