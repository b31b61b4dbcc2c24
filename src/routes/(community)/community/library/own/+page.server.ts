import { listWork, readChoices } from '#lib/library/server/library.ts';
import { m } from '#lib/i18n/messages.ts';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { supabase } }) => {
	const [work, { submits }] = await Promise.all([listWork(supabase), readChoices(supabase)]);
	if (!submits && work.own.length === 0) error(404, m.ui_not_found());
	return { ...work, submits };
};
