import { listCampaigns } from '#lib/campaigns/server/campaigns.ts';
import { m } from '#lib/i18n/messages.ts';
import { pageNumber } from '#lib/ui/page-number.ts';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

const size = 50;

export const load: PageServerLoad = async ({ locals, url }) => {
	const page = pageNumber(url.searchParams);
	const list = await listCampaigns(locals.supabase, { page, size });
	if (!list) error(404, m.ui_not_found());
	return { ...list, page, size };
};
