import { m } from '#lib/i18n/messages.ts';
import { readReliability } from '#lib/status/server/notices.ts';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { summit, supabase } }) => ({
	reliability: (await readReliability(supabase, summit.id)) ?? error(403, m.ui_forbidden())
});
