import { pictureLimit, readPortraitPeople, removePortrait, uploadPortrait } from '#lib/files/server/portraits.ts';
import { pictureFaultWords } from '#lib/files/words.ts';
import { isId } from '#lib/forms/ids.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { error, fail, redirect } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit } = locals;
	return {
		people: await readPortraitPeople(locals.supabase, summit.id),
		most: pictureLimit,
		done: url.searchParams.get('done')
	};
};

export const actions: Actions = {
	save: async ({ locals, params, request }) => {
		const { summit } = locals;
		const answer = await uploadPortrait(locals.supabase, summit.id, request);
		if (answer.status === 'not_found') error(404, m.ui_not_found());
		if (answer.status === 'ok') redirect(303, href(`/${params.summit}/speak/photo?done=saved`));
		const message =
			answer.status === 'fault' ? pictureFaultWords(answer.fault, pictureLimit) : m.files_photo_protected();
		const code = answer.status === 'fault' && answer.fault === 'too_large' ? 413 : 422;
		return fail(code, { form: { name: answer.person, values: {}, issues: [{ path: 'picture', message }] } });
	},
	remove: async ({ locals, params, request }) => {
		const { summit } = locals;
		const person = String((await request.formData()).get('person'));
		if (!isId(person) || (await removePortrait(locals.supabase, summit.id, person)) !== 'ok')
			error(404, m.ui_not_found());
		redirect(303, href(`/${params.summit}/speak/photo?done=removed`));
	}
};
