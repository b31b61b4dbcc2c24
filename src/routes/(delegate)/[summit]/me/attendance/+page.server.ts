import { readOwnAttendance } from '#lib/presence/server/attendance.ts';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	const summit = locals.summit ?? error(404);
	return { attendance: await readOwnAttendance(locals.supabase, summit.id) };
};
