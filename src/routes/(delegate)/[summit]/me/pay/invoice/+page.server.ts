import { byStatus } from '#lib/database/by-status.ts';
import { id, optionalLines, optionalText } from '#lib/forms/fields.ts';
import { isId } from '#lib/forms/ids.ts';
import { formAction, FormRefusal, notFound, refuse } from '#lib/forms/server/action.ts';
import { locale } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { sortedCountries } from '#lib/members/server/countries.ts';
import { readPayerChoices } from '#lib/payments/server/choices.ts';
import { actOnMoney } from '#lib/payments/server/money.ts';
import { readOrder } from '#lib/payments/server/orders.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit, supabase } = locals;
	const asked = url.searchParams.get('order') ?? '';
	const order = summit && isId(asked) ? await readOrder(supabase, summit.id, asked) : null;
	const choices = order && (await readPayerChoices(supabase, order.id));
	if (!order || !choices?.pays) error(404, m.ui_not_found());
	// The country and the VAT id are asked where the Summit has VAT.
	return { order, choices, countries: choices.vat ? sortedCountries() : [] };
};

const billing = v.object({
	order: id(),
	name: optionalText(200),
	address: optionalLines(500),
	tax_number: optionalText(60),
	purchase_order: optionalText(60),
	country: optionalText(2),
	vat_id: optionalText(30)
});

export const actions: Actions = {
	default: formAction(billing, async ({ order, ...given }, { locals, params }) => {
		const answer = await actOnMoney(locals.supabase, 'request_invoice', {
			order_id: order,
			billing: given,
			locale: locale()
		});
		const done = () => `/${params.summit}/me/pay?order=${order}&invoiced`;
		const refused = () => refuse('', m.payments_invoice_refused());
		return byStatus(answer, {
			ok: done,
			already: done,
			invalid: ({ faults }) => {
				const known: Record<string, () => string> = {
					name: m.payments_billing_name_wrong,
					country: m.payments_vat_country_missing,
					vat_id: m.payments_vat_id_wrong
				};
				const words = (name: string) => (known[name] ?? m.payments_billing_too_long)();
				return new FormRefusal(
					faults.map((path) => ({ path, message: words(path) })),
					422
				);
			},
			not_offered: refused,
			nothing: refused,
			closed: refused,
			processing: refused,
			not_allowed: notFound
		});
	})
};
