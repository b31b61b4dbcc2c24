import { byStatus } from '#lib/database/by-status.ts';
import { id } from '#lib/forms/fields.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { orderStates } from '#lib/payments/order.ts';
import { sortingFrom } from '#lib/ui/sorting.ts';
import { listOrders, retryRefund } from '#lib/payments/server/orders.ts';
import { pageNumber } from '#lib/ui/page-number.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

const pageSize = 50;
const sorts = ['payer', 'charged', 'paid', 'balance', 'due', 'state'] as const;

export const load: PageServerLoad = async ({ locals, url }) => {
	const { searchParams } = url;
	const state = orderStates.find((known) => known === searchParams.get('state')) ?? null;
	const query = (searchParams.get('q') ?? '').trim().slice(0, 100);
	const sort = sortingFrom(searchParams, sorts);
	const page = pageNumber(searchParams);
	const list = await listOrders(locals.supabase, locals.summit.id, {
		state,
		query,
		sort,
		limit: pageSize,
		offset: (page - 1) * pageSize
	});
	if (!list) error(403, m.ui_forbidden());
	return { list, state, query, sort, page, size: pageSize };
};

export const actions: Actions = {
	retry: formAction('retry', v.object({ refund: id() }), async ({ refund }, { locals }) => {
		const status = await retryRefund(locals.supabase, refund);
		return byStatus(status, {
			ok: () => ({ done: m.payments_retry_done() }),
			own: () => refuse('', m.payments_organise_own()),
			wrong_state: () => refuse('', m.payments_retry_gone()),
			not_allowed: notFound
		});
	})
};
