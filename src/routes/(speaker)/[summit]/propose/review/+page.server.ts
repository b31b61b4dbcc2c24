import { m } from '#lib/i18n/messages.ts';
import { readReviews } from '#lib/proposals/server/reviews.ts';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	const reviews = await readReviews(locals.supabase, locals.summit.id);
	// People outside the committee do not learn that there is one.
	if (!reviews) error(404, m.ui_not_found());
	return { reviews };
};
