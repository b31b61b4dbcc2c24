import { readPeriods } from '#lib/privacy/server/retention.ts';
import { readSitePages } from '../pages.ts';
import type { PageServerLoad } from './$types';

// A static page, which needs no script.
export const csr = false;

export const load: PageServerLoad = async ({ locals }) => {
	const summit = locals.shownSummit;
	const [pages, periods] = await Promise.all([
		summit && readSitePages(locals, summit.id, ['privacy']),
		readPeriods(locals.supabase)
	]);
	return { own: pages?.privacy ?? null, rooms: summit?.rooms, periods };
};
