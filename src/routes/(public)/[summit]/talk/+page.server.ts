import { supportPage } from '#lib/safeguarding/server/reporting.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = (event) => supportPage(event);
