import { parseForm } from '#lib/forms/parse.ts';
import { href } from '#lib/i18n/locale.ts';
import { countryOptions } from '#lib/members/server/countries.ts';
import { generalFrom, generalSchema, withFaults } from '#lib/summits/general-form.ts';
import { readSummitSettings, saveSummit } from '#lib/summits/server/settings.ts';
import { fail, redirect } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => ({
	settings: await readSummitSettings(locals.supabase, params.summit),
	countries: countryOptions(),
	zones: Intl.supportedValuesOf('timeZone')
});

export const actions: Actions = {
	default: async ({ locals, params, request }) => {
		const known = await readSummitSettings(locals.supabase, params.summit);
		const parsed = parseForm(await request.formData(), generalSchema(known));
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const saved = await saveSummit(locals.supabase, known.id, generalFrom(parsed.output, known));
		if (saved.status !== 'ok') return fail(422, { form: withFaults(parsed.form, saved) });
		redirect(303, href(`/${saved.slug}/organise/settings?done=saved`));
	}
};
