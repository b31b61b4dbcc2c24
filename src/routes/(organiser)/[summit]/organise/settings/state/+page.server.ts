import { parseForm } from '#lib/forms/parse.ts';
import { href } from '#lib/i18n/locale.ts';
import { readSettings, setSummitState } from '#lib/summits/server/settings.ts';
import { fail, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
	const { state } = await readSettings(locals.supabase, params.summit);
	return { state };
};

const schema = v.object({ state: v.picklist(['draft', 'open', 'live', 'closed', 'archived'], 'Choose a state.') });

export const actions: Actions = {
	default: async ({ locals, params, request }) => {
		const { id } = await readSettings(locals.supabase, params.summit);
		const parsed = parseForm(await request.formData(), schema);
		if (!parsed.ok) return fail(422, { form: parsed.form });
		await setSummitState(locals.supabase, id, parsed.output.state);
		redirect(303, href(`/${params.summit}/organise/settings/state?done=saved`));
	}
};
