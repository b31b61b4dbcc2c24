import { formAction } from '#lib/forms/server/action.ts';
import { languagesFrom, newSummitSchema, withFaults } from '#lib/summits/general-form.ts';
import { createSummit, listSummits } from '#lib/summits/server/settings.ts';
import { fail } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => ({
	summits: await listSummits(locals.supabase),
	zones: Intl.supportedValuesOf('timeZone')
});

export const actions: Actions = {
	default: formAction(newSummitSchema, async (input, { locals }, form) => {
		const { name, slug, zone, starts_on, ends_on } = input;
		const languages = languagesFrom(input);
		const original = languages[0] ?? 'en';
		const settings = { name: { original, [original]: name }, slug, zone, starts_on, ends_on, languages };
		const made = await createSummit(locals.supabase, settings);
		if (made.status !== 'ok') return fail(422, { form: withFaults(form, made) });
		return `/${slug}/organise/settings?done=created`;
	})
};
