import { m } from '#lib/i18n/messages.ts';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

/** For anybody who sees the Summit: public streams are for everyone, and the check itself runs in the browser. */
export const load: PageServerLoad = ({ locals }) => {
	if (!locals.summit) error(404, m.shell_not_found());
};
