import { findAnything, queryOf } from '#lib/organising/server/find.ts';
import { m } from '#lib/i18n/messages.ts';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit, supabase, viewer } = locals;
	if (!viewer) error(403, m.ui_forbidden());
	const query = queryOf(url);
	return { query, groups: await findAnything(supabase, viewer, summit, query) };
};
