import { id, yesNo } from '#lib/forms/fields.ts';
import { acted, formAction } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { leaveOutLanguage, listRecordings, readPlayable } from '#lib/recording/server/recordings.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

/** The interpreted sound of a recording, which organisers listen to and may leave out. */
export const load: PageServerLoad = async ({ locals: { summit, supabase }, params, depends, setHeaders }) => {
	depends('recordings');
	setHeaders({ 'cache-control': 'private, no-store' });
	const recording = (await listRecordings(supabase, summit.id)).find((one) => one.id === params.recording);
	if (!recording?.may_look) error(404, m.ui_not_found());
	const { sounds } = await readPlayable(supabase, summit.id, recording.id);
	return { recording, audible: sounds.map(({ language }) => language) };
};

const choice = v.object({
	recording: id(),
	language: v.pipe(v.string(), v.maxLength(35)),
	out: yesNo()
});

export const actions: Actions = {
	default: formAction('language', choice, async ({ language, out }, event: RequestEvent) => {
		const status = await leaveOutLanguage(event.locals.supabase, event.params.recording, language, out);
		if (status === 'not_found') error(404, m.ui_not_found());
		return acted(event);
	})
};
