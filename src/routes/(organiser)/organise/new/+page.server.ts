import { parseForm } from '#lib/forms/parse.ts';
import { href } from '#lib/i18n/locale.ts';
import { languagesFrom, newSummitSchema, withFaults } from '#lib/summits/general-form.ts';
import { createSummit, listSummits } from '#lib/summits/server/settings.ts';
import { fail, redirect } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => ({
	summits: await listSummits(locals.supabase),
	zones: Intl.supportedValuesOf('timeZone')
});

export const actions: Actions = {
	default: async ({ locals, request }) => {
		const parsed = parseForm(await request.formData(), newSummitSchema);
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const { name, slug, zone, starts_on, ends_on } = parsed.output;
		const languages = languagesFrom(parsed.output);
		const original = languages[0] ?? 'en';
		const settings = { name: { original, [original]: name }, slug, zone, starts_on, ends_on, languages };
		const made = await createSummit(locals.supabase, settings);
		if (made.status !== 'ok') return fail(422, { form: withFaults(parsed.form, made) });
		redirect(303, href(`/${slug}/organise/settings?done=created`));
	}
};
