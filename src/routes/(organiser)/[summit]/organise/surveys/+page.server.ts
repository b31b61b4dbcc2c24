import { listSurveys } from '#lib/evaluation/server/surveys.ts';
import { m } from '#lib/i18n/messages.ts';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => ({
	surveys: (await listSurveys(locals.supabase, locals.summit.id)) ?? error(403, m.ui_forbidden()),
	done: url.searchParams.get('done') === 'deleted' ? m.evaluation_deleted() : null
});
