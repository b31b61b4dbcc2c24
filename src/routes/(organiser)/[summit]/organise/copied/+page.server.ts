import { m } from '#lib/i18n/messages.ts';
import { readCopiedEdition } from '#lib/summits/server/settings.ts';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

/** What to look at in a Summit that was created from an earlier edition. */
export const load: PageServerLoad = async ({ locals }) => {
	const copied = locals.summit && (await readCopiedEdition(locals.supabase, locals.summit.id));
	if (!copied) error(404, m.ui_not_found());
	return { copied };
};
