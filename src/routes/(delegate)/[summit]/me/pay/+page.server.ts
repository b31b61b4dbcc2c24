import { log } from '#lib/audit/server/log.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { id } from '#lib/forms/fields.ts';
import { isId } from '#lib/forms/ids.ts';
import { parseForm } from '#lib/forms/parse.ts';
import { notFound } from '#lib/forms/server/action.ts';
import { href, locale, text } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { itemName, type Order } from '#lib/payments/order.ts';
import { openCheckout } from '#lib/payments/server/checkout.ts';
import { readPayerChoices } from '#lib/payments/server/choices.ts';
import { readOrder } from '#lib/payments/server/orders.ts';
import { myRegistration } from '#lib/registration/server/registrations.ts';
import { error, fail, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

/** The order in the address, else the one of the reader's own registration. */
async function orderAsked(locals: App.Locals, url: URL): Promise<Order | null> {
	const { summit, supabase } = locals;
	const asked = url.searchParams.get('order');
	if (asked === null) {
		const own = (await myRegistration(supabase, summit.id))?.order;
		return own ? readOrder(supabase, summit.id, own.id) : null;
	}
	const order = isId(asked) ? await readOrder(supabase, summit.id, asked) : null;
	return order ?? error(404, m.ui_not_found());
}

export const load: PageServerLoad = async ({ locals, url }) => {
	const order = await orderAsked(locals, url);
	return {
		order,
		choices: order && (await readPayerChoices(locals.supabase, order.id)),
		back: url.searchParams.has('back'),
		invoiced: url.searchParams.has('invoiced'),
		refused: url.searchParams.has('refused')
	};
};

export const actions: Actions = {
	default: async ({ locals, params, request, url }) => {
		const { summit, supabase } = locals;
		const parsed = parseForm(await request.formData(), v.object({ order: id() }));
		const order = parsed.ok ? await readOrder(supabase, summit.id, parsed.output.order) : null;
		if (!order) error(404, m.ui_not_found());
		const base = `/${params.summit}/me`;
		const answer = await openCheckout(supabase, order.id, {
			origin: url.origin,
			paidPath: href(`${base}/paid?order=${order.id}`),
			backPath: href(`${base}/pay?order=${order.id}&back`),
			item: itemName(order, text(summit.name).text),
			locale: locale()
		});
		const paid = () => redirect(303, href(`${base}/paid?order=${order.id}`));
		return byStatus(answer, {
			ok: ({ url }) => redirect(303, url),
			processing: paid,
			settled: paid,
			not_allowed: notFound,
			closed: ({ status }) => fail(409, { refused: status, order }),
			unreachable: ({ code }) => {
				log.warn({ order: order.id, code }, 'Stripe opened no page to pay at');
				return fail(503, { refused: 'unreachable' as const, order });
			}
		});
	}
};
