import { m } from '#lib/i18n/messages.ts';
import { chosenEditions } from '#lib/impact/editions.ts';
import { compareEditions } from '#lib/impact/server/impact.ts';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const editions = await compareEditions(locals.supabase, locals.summit.id);
	if (!editions) error(403, m.ui_forbidden());
	const shown = chosenEditions(editions, url.searchParams.getAll('with[]'));
	return {
		shown,
		others: editions
			.filter(({ is_own }) => !is_own)
			.map(({ slug, name }) => ({ slug, name, isShown: shown.some((edition) => edition.slug === slug) }))
	};
};
