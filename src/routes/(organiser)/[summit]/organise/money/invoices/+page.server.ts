import { m } from '#lib/i18n/messages.ts';
import { addDays, dayKey } from '#lib/i18n/time.ts';
import { sortingFrom } from '#lib/ui/sorting.ts';
import { listInvoices } from '#lib/payments/server/money.ts';
import { pageNumber } from '#lib/ui/page-number.ts';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

const size = 50;
const states = ['due', 'overdue', 'paid', 'credited', 'credit_note'] as const;
const sorts = ['payer', 'amount', 'issued', 'due', 'state'] as const;

export const load: PageServerLoad = async ({ locals, url }) => {
	const { searchParams } = url;
	const state = states.find((known) => known === searchParams.get('state')) ?? null;
	const query = (searchParams.get('q') ?? '').trim().slice(0, 100);
	const sort = sortingFrom(searchParams, sorts);
	const page = pageNumber(searchParams);
	const list = await listInvoices(
		locals.supabase,
		locals.summit.id,
		{ state, query, sort },
		{
			limit: size,
			offset: (page - 1) * size
		}
	);
	if (!list) error(403, m.ui_forbidden());
	// The month before this one, as the accounts of a month are closed in the next.
	const today = dayKey(Date.now(), locals.summit.zone);
	const until = addDays(`${today.slice(0, 7)}-01`, -1);
	const period = { from: `${until.slice(0, 7)}-01`, until };
	return { list, state, query, sort, page, size, states: [...states], period };
};
