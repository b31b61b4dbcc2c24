import { m } from '#lib/i18n/messages.ts';
import { listCases, readConcernFigures } from '#lib/safeguarding/server/cases.ts';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

/** The cases that the reader may read, without any text; for leads with figures that may leave safeguarding. */
export const load: PageServerLoad = async ({ locals: { supabase, summit }, setHeaders }) => {
	const [cases, figures] = await Promise.all([listCases(supabase, summit.id), readConcernFigures(supabase, summit.id)]);
	if (!cases) error(403, m.ui_forbidden());
	setHeaders({ 'cache-control': 'no-store' });
	return { cases, figures };
};
