import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { actOnRecording, listRecordings } from '#lib/recording/server/recordings.ts';
import { error, redirect } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, depends }) => {
	depends('recordings');
	const { summit } = locals;
	return { recordings: await listRecordings(locals.supabase, summit.id) };
};

export const actions: Actions = {
	default: async ({ locals, params, request }) => {
		const form = await request.formData();
		const act = String(form.get('act'));
		const status = await actOnRecording(locals.supabase, act, String(form.get('recording')));
		if (status === 'not_found') error(404, m.ui_not_found());
		redirect(303, href(`/${params.summit}/organise/recordings?done=${status === 'ok' ? act : status}`));
	}
};
