import { m } from '#lib/i18n/messages.ts';
import { moneyOverview } from '#lib/payments/server/money.ts';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	const overview = await moneyOverview(locals.supabase, locals.summit.id);
	if (!overview) error(403, m.ui_forbidden());
	return { overview };
};
