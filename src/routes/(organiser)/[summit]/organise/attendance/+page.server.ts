import { isId } from '#lib/forms/ids.ts';
import { readAttendance, readAttendants } from '#lib/presence/server/attendance.ts';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { summit, supabase }, url }) => {
	const asked = url.searchParams.get('session');
	if (asked !== null && !isId(asked)) error(404);
	const [sessions, attendants] = await Promise.all([
		readAttendance(supabase, summit.id),
		asked ? readAttendants(supabase, asked) : null
	]);
	const chosen = sessions.find(({ session }) => session === asked) ?? null;
	if (asked && (!chosen || !attendants)) error(404);
	return { sessions, chosen, attendants };
};
