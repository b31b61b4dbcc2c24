import { readOwnAttendance } from '#lib/presence/server/attendance.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	const { summit } = locals;
	return { attendance: await readOwnAttendance(locals.supabase, summit.id) };
};
