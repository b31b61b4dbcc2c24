import { parseForm, withIssue } from '#lib/forms/parse.ts';
import { href } from '#lib/i18n/locale.ts';
import { seatRulesFrom, seatSchema } from '#lib/summits/seat-rules.ts';
import { readSeats, readSettings, saveSeats } from '#lib/summits/server/settings.ts';
import { fail, redirect } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
	const { id } = await readSettings(locals.supabase, params.summit);
	return { seats: await readSeats(locals.supabase, id) };
};

export const actions: Actions = {
	default: async ({ locals, params, request }) => {
		const { id } = await readSettings(locals.supabase, params.summit);
		const parsed = parseForm(await request.formData(), seatSchema);
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const saved = await saveSeats(locals.supabase, id, seatRulesFrom(parsed.output));
		if (saved.status === 'below_use') {
			const message = `More seats are out than this would allow (${saved.detail ?? ''}). Nothing was saved.`;
			return fail(409, { form: withIssue(parsed.form, '', message) });
		}
		redirect(303, href(`/${params.summit}/organise/settings/seats?done=saved`));
	}
};
