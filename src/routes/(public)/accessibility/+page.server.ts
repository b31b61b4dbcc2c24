import { readSitePages } from '../pages.ts';
import type { PageServerLoad } from './$types';

// A static page, which needs no script.
export const csr = false;

export const load: PageServerLoad = async ({ locals }) => {
	const summit = locals.shownSummit;
	const pages = summit && (await readSitePages(locals, summit.id, ['accessibility']));
	return { own: pages?.accessibility ?? null, rooms: summit?.rooms };
};
