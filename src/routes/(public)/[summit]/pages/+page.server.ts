import { listPageLinks } from '#lib/pages/server/pages.ts';
import { m } from '#lib/i18n/messages.ts';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

export const csr = false;

export const load: PageServerLoad = async ({ locals: { supabase, summit } }) => {
	const links = await listPageLinks(supabase, summit);
	if (links.length === 0) error(404, m.ui_not_found());
	return { links };
};
