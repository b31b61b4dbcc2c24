import { readBackups } from '#lib/backup/server/overview.ts';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => ({
	backups: (await readBackups(locals.supabase)) ?? error(403)
});
