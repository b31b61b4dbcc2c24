import { parseForm, withIssue } from '#lib/forms/parse.ts';
import { href } from '#lib/i18n/locale.ts';
import { rulesFrom, rulesSchema } from '#lib/registration/accreditation-rules.ts';
import { readRules, saveRules } from '#lib/registration/server/accreditation.ts';
import { error, fail, redirect } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	const { summit } = locals;
	return { kept: (await readRules(locals.supabase, summit.id)) ?? error(403) };
};

export const actions: Actions = {
	default: async ({ locals, params, request }) => {
		const { summit } = locals;
		const parsed = parseForm(await request.formData(), rulesSchema);
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const status = await saveRules(locals.supabase, summit.id, rulesFrom(parsed.output));
		if (status !== 'ok') return fail(422, { form: withIssue(parsed.form, '', 'Nothing was saved.') });
		redirect(303, href(`/${params.summit}/organise/settings/accreditation?done=saved`));
	}
};
