import { m } from '#lib/i18n/messages.ts';
import { listCases } from '#lib/safeguarding/server/cases.ts';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

/** The cases that the reader may read, without any text. */
export const load: PageServerLoad = async ({ locals: { supabase, summit }, setHeaders }) => {
	const cases = await listCases(supabase, summit.id);
	if (!cases) error(403, m.ui_forbidden());
	setHeaders({ 'cache-control': 'no-store' });
	return { cases };
};
