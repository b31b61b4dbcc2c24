import { formAction, FormRefusal } from '#lib/forms/server/action.ts';
import { languagesFrom, languagesSchema, withFaults } from '#lib/summits/general-form.ts';
import { readSummitSettings, saveSummit } from '#lib/summits/server/settings.ts';
import { setupPath } from '#lib/summits/setup.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
	const { languages } = await readSummitSettings(locals.supabase, params.summit);
	return { languages };
};

export const actions: Actions = {
	default: formAction(languagesSchema, async (input, { locals, params }, form) => {
		const saved = await saveSummit(locals.supabase, locals.summit.id, { languages: languagesFrom(input) });
		if (saved.status !== 'ok') return new FormRefusal(withFaults(form, saved).issues, 422);
		return setupPath(params.summit, 'seats');
	})
};
