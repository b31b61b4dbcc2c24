import { listCampaigns } from '#lib/campaigns/server/campaigns.ts';
import { m } from '#lib/i18n/messages.ts';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	const campaigns = await listCampaigns(locals.supabase);
	if (!campaigns) error(404, m.ui_not_found());
	return { campaigns };
};
