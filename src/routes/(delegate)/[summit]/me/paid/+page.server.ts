import { isId } from '#lib/forms/ids.ts';
import { m } from '#lib/i18n/messages.ts';
import { outcomeOf } from '#lib/payments/order.ts';
import { readOrder } from '#lib/payments/server/orders.ts';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const asked = url.searchParams.get('order') ?? '';
	if (!locals.summit || !isId(asked)) error(404, m.ui_not_found());
	const order = await readOrder(locals.supabase, locals.summit.id, asked);
	if (!order) error(404, m.ui_not_found());
	return { order, outcome: outcomeOf(order) };
};
