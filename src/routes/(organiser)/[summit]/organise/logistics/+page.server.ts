import { unansweredPageSize, readLogisticsOverview } from '#lib/logistics/server/overview.ts';
import { m } from '#lib/i18n/messages.ts';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit, supabase } = locals;
	const page = Math.min(Math.max(Math.trunc(Number(url.searchParams.get('page') ?? 1)) || 1, 1), 10_000);
	const overview = await readLogisticsOverview(supabase, summit.id, page);
	if (!overview) error(403, m.ui_forbidden());
	return { overview, page, size: unansweredPageSize };
};
