import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals }) => ({ own: locals.summit?.texts['privacy'] ?? null });
