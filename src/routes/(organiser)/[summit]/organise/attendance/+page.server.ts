import { isId } from '#lib/forms/ids.ts';
import { checkbox } from '#lib/forms/fields.ts';
import { acted, formAction } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import {
	readAttendance,
	readAttendants,
	readWatchSettings,
	setWatchCounting
} from '#lib/presence/server/attendance.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

export const load: PageServerLoad = async ({ locals: { summit, supabase }, url }) => {
	const asked = url.searchParams.get('session');
	if (asked !== null && !isId(asked)) error(404);
	const [sessions, watching, attendants] = await Promise.all([
		readAttendance(supabase, summit.id),
		readWatchSettings(supabase, summit.id),
		asked ? readAttendants(supabase, asked) : null
	]);
	const chosen = sessions.find(({ session }) => session === asked) ?? null;
	if (asked && (!chosen || !attendants)) error(404);
	return { sessions, watching, chosen, attendants };
};

export const actions: Actions = {
	watching: formAction('watching', v.object({ counts: checkbox() }), async ({ counts }, event: RequestEvent) => {
		const status = await setWatchCounting(event.locals.supabase, event.locals.summit.id, counts);
		if (status === 'not_found') error(404, m.ui_not_found());
		return acted(event);
	})
};
