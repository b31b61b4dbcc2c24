import { checkbox, wholeNumber } from '#lib/forms/fields.ts';
import { parseForm } from '#lib/forms/parse.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { readDefaults, saveDefaults } from '#lib/participation/server/reading.ts';
import { error, fail, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	return { kept: (await readDefaults(locals.supabase, locals.summit.id)) ?? error(404, m.shell_not_found()) };
};

const schema = v.object({
	approve_first: checkbox(),
	chat: v.picklist(['open', 'slow', 'people', 'off']),
	slow_seconds: wholeNumber(5, 600)
});

export const actions: Actions = {
	default: async ({ locals, params, request }) => {
		const { summit } = locals;
		const parsed = parseForm(await request.formData(), schema);
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const status = await saveDefaults(locals.supabase, summit.id, parsed.output);
		if (status !== 'ok') error(404, m.shell_not_found());
		redirect(303, href(`/${params.summit}/organise/settings/participation?done=saved`));
	}
};
