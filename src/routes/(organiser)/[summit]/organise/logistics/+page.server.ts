import { unansweredPageSize, readLogisticsOverview } from '#lib/logistics/server/overview.ts';
import { m } from '#lib/i18n/messages.ts';
import { pageNumber } from '#lib/ui/page-number.ts';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit, supabase } = locals;
	const page = pageNumber(url.searchParams);
	const overview = await readLogisticsOverview(supabase, summit.id, page);
	if (!overview) error(403, m.ui_forbidden());
	return { overview, page, size: unansweredPageSize };
};
