import { formAction, FormRefusal } from '#lib/forms/server/action.ts';
import { sortedCountries } from '#lib/members/server/countries.ts';
import { generalFrom, generalSchema, withFaults } from '#lib/summits/general-form.ts';
import { readSummitSettings, saveSummit } from '#lib/summits/server/settings.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => ({
	settings: await readSummitSettings(locals.supabase, params.summit),
	countries: sortedCountries(),
	zones: Intl.supportedValuesOf('timeZone')
});

async function settingsForm({ locals, params }: RequestEvent) {
	const known = await readSummitSettings(locals.supabase, params.summit);
	return { known, schema: generalSchema(known) };
}

export const actions: Actions = {
	default: formAction(settingsForm, async (input, { locals }, form, { known }) => {
		const saved = await saveSummit(locals.supabase, known.id, generalFrom(input, known));
		if (saved.status !== 'ok') return new FormRefusal(withFaults(form, saved).issues, 422);
		return `/${saved.slug}/organise/settings?done=saved`;
	})
};
