import type { PageServerLoad } from './$types';

// A page to read: it needs no script.
export const csr = false;

export const load: PageServerLoad = ({ locals }) => ({ contacts: locals.shownSummit?.contacts ?? null });
