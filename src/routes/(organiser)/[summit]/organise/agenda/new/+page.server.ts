import { href } from '#lib/i18n/locale.ts';
import { fail, redirect } from '@sveltejs/kit';
import { saveSessionForm } from '../save.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals }) => {
	const { rooms, tracks, formats, languages } = locals.summit;
	return { rooms, tracks, formats, languages };
};

export const actions: Actions = {
	default: async ({ locals, params, request }) => {
		const { summit } = locals;
		const saved = await saveSessionForm(locals, summit, await request.formData(), null);
		if (!saved.ok) return fail(saved.status, { form: saved.form });
		redirect(303, href(`/${params.summit}/organise/agenda/${saved.id}?done=added`));
	}
};
