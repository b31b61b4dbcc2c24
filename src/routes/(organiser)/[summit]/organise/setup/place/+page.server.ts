import { formAction, FormRefusal } from '#lib/forms/server/action.ts';
import { sortedCountries } from '#lib/members/server/countries.ts';
import { placeFrom, placeSchema, withFaults } from '#lib/summits/general-form.ts';
import { readSummitSettings, saveSummit } from '#lib/summits/server/settings.ts';
import { setupPath } from '#lib/summits/setup.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => ({
	settings: await readSummitSettings(locals.supabase, params.summit),
	countries: sortedCountries(),
	zones: Intl.supportedValuesOf('timeZone')
});

async function placeForm({ locals, params }: RequestEvent) {
	const known = await readSummitSettings(locals.supabase, params.summit);
	return { known, schema: placeSchema(known) };
}

export const actions: Actions = {
	default: formAction(placeForm, async (input, { locals }, form, { known }) => {
		const saved = await saveSummit(locals.supabase, known.id, placeFrom(input, known));
		if (saved.status !== 'ok') return new FormRefusal(withFaults(form, saved).issues, 422);
		return setupPath(saved.slug, 'languages');
	})
};
