import { readLetterSettings, saveLetterSettings } from '#lib/logistics/server/overview.ts';
import { optionalText, requiredLines, requiredText } from '#lib/forms/fields.ts';
import { parseForm, withIssue } from '#lib/forms/parse.ts';
import { href } from '#lib/i18n/locale.ts';
import { fail, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit, supabase } = locals;
	return { kept: await readLetterSettings(supabase, summit.id), isSaved: url.searchParams.get('done') === 'saved' };
};

const schema = v.object({
	issuer_name: requiredText(200),
	issuer_address: requiredLines(500),
	signatory_name: requiredText(120),
	signatory_office: requiredText(200),
	prefix: v.pipe(
		optionalText(12),
		v.toUpperCase(),
		v.regex(/^[A-Z0-9-]*$/, () => 'Letters, digits and hyphens.')
	)
});

export const actions: Actions = {
	default: async ({ locals, params, request }) => {
		const { summit, supabase } = locals;
		const parsed = parseForm(await request.formData(), schema);
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const status = await saveLetterSettings(supabase, summit.id, parsed.output);
		if (status === 'ok') redirect(303, href(`/${params.summit}/organise/details/letter?done=saved`));
		return fail(409, { form: withIssue(parsed.form, '', 'Only registration changes the letterhead.') });
	}
};
