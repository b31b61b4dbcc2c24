import { readPeriods } from '#lib/privacy/server/retention.ts';
import type { PageServerLoad } from './$types';

// A static page, which needs no script.
export const csr = false;

export const load: PageServerLoad = async ({ locals }) => ({
	own: locals.shownSummit?.texts['privacy'] ?? null,
	periods: await readPeriods(locals.supabase)
});
