import { openingDay } from '#lib/agenda/days.ts';
import { id, optionalText } from '#lib/forms/fields.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { addDays } from '#lib/i18n/time.ts';
import { readCameraList, saveNoPhotoArea } from '#lib/stage/server/camera.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

/** The list of the camera and photo crew for a day of the venue: counts, places and signs, and no names of the hall. */
export const load: PageServerLoad = async ({ locals: { supabase, summit }, url, depends, setHeaders }) => {
	depends('stage:camera');
	const days = [summit.starts_on];
	for (let last = summit.starts_on; last < summit.ends_on && days.length < 40; days.push(last)) last = addDays(last, 1);
	const day = openingDay(days, url.searchParams.get('day'), Date.now(), summit.zone) ?? summit.starts_on;
	const list = await readCameraList(supabase, summit.id, day);
	if (!list) error(403, m.ui_forbidden());
	setHeaders({ 'cache-control': 'no-store' });
	return { list, days, day };
};

export const actions: Actions = {
	area: formAction(
		'area',
		v.object({ session: id(), area: optionalText(200) }),
		async ({ session, area }, { locals }) =>
			byStatus(await saveNoPhotoArea(locals.supabase, session, area), {
				ok: () => ({ done: true as const }),
				invalid: () => refuse('area', m.ui_form_wrong(), 422),
				not_allowed: () => error(404, m.ui_not_found())
			})
	)
};
