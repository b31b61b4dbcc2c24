import { byStatus } from '#lib/database/by-status.ts';
import { id, list } from '#lib/forms/fields.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { delegationMoney } from '#lib/payments/server/choices.ts';
import { actOnMoney } from '#lib/payments/server/money.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	const members = await delegationMoney(locals.supabase, locals.summit.id);
	if (members.length === 0) error(404, m.ui_not_found());
	return { members };
};

const gatherSchema = v.object({ member: id(), 'orders[]': list(id()) });

export const actions: Actions = {
	gather: formAction('gather', gatherSchema, async ({ member, 'orders[]': orders }, { locals }) => {
		const { summit, supabase } = locals;
		const answer = await actOnMoney(supabase, 'combine_orders', {
			summit: summit.id,
			member,
			orders: orders.slice(0, 500)
		});
		return byStatus(answer, {
			ok: ({ moved, reference, left }) => ({
				done: m.payments_orders_gathered({ count: String(moved), order: reference }),
				note: left.length > 0 ? m.payments_orders_left() : ''
			}),
			nothing: () => refuse('', m.payments_orders_nothing()),
			not_allowed: notFound
		});
	}),
	part: formAction('part', v.object({ order: id() }), async ({ order }, { locals }) => {
		const answer = await actOnMoney(locals.supabase, 'split_order', { order_id: order });
		const paid = () => refuse('', m.payments_orders_part_refused());
		const over = () => refuse('', m.payments_orders_part_over());
		return byStatus(answer, {
			ok: () => ({ done: m.payments_orders_parted(), note: '' }),
			paid,
			processing: paid,
			invoiced: paid,
			waived: () => refuse('', m.payments_orders_part_waived()),
			settled: over,
			closed: over,
			not_allowed: notFound
		});
	})
};
