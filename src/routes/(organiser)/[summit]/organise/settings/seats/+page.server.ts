import { byStatus } from '#lib/database/by-status.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { seatRulesFrom, seatSchema } from '#lib/summits/seat-rules.ts';
import { readSeats, readSummitSettings, saveSeats } from '#lib/summits/server/settings.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
	const { id } = await readSummitSettings(locals.supabase, params.summit);
	return { seats: await readSeats(locals.supabase, id) };
};

export const actions: Actions = {
	default: formAction(seatSchema, async (input, { locals, params }) => {
		const { id } = await readSummitSettings(locals.supabase, params.summit);
		const saved = await saveSeats(locals.supabase, id, seatRulesFrom(input));
		return byStatus(saved, {
			ok: () => `/${params.summit}/organise/settings/seats?done=saved`,
			below_use: ({ detail }) => refuse('', `More seats are out than this would allow (${detail}). Nothing was saved.`),
			invalid: () => refuse('', m.ui_form_wrong()),
			not_allowed: notFound
		});
	})
};
