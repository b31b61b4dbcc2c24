import { notFound } from '#lib/forms/server/action.ts';
import type { PageServerLoad } from './$types';

/** Where the pages of those who took part in an archived Summit lead. */
export const load: PageServerLoad = ({ locals }) => {
	if (locals.summit.state !== 'archived') notFound();
};
