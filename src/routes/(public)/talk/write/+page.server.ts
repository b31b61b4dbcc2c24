import { writeAction, writePage } from '#lib/safeguarding/server/reporting.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = (event) => writePage(event);

export const actions: Actions = { default: writeAction() };
