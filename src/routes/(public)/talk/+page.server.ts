import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals }) => ({ contacts: locals.summit?.contacts ?? null });
