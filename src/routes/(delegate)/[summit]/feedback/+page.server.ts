import { readOwnSurveys } from '#lib/evaluation/server/answering.ts';
import { notFound } from '#lib/forms/server/action.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, setHeaders }) => {
	setHeaders({ 'cache-control': 'no-store' });
	return { asked: (await readOwnSurveys(locals.supabase, locals.summit.id)) ?? notFound(), name: locals.summit.name };
};
