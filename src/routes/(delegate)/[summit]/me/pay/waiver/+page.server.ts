import { byStatus } from '#lib/database/by-status.ts';
import { id, optionalLines } from '#lib/forms/fields.ts';
import { isId } from '#lib/forms/ids.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { grounds } from '#lib/payments/money.ts';
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
	if (!order || !choices?.pays || choices.registration_id === null) error(404, m.ui_not_found());
	return { order, registration: choices.registration_id };
};

const request = v.object({
	order: id(),
	registration: id(),
	grounds: v.picklist(grounds, () => m.payments_waiver_explanation_missing()),
	explanation: optionalLines(2000)
});

export const actions: Actions = {
	default: formAction(request, async ({ order, ...given }, { locals, params }) => {
		const answer = await actOnMoney(locals.supabase, 'request_waiver', { order_id: order, ...given });
		return byStatus(answer, {
			ok: () => `/${params.summit}/me/pay?order=${order}`,
			invalid: () => refuse('explanation', m.payments_waiver_explanation_missing(), 422),
			already: () => refuse('', m.payments_waiver_already()),
			nothing: () => refuse('', m.payments_waiver_nothing()),
			not_allowed: notFound
		});
	})
};
