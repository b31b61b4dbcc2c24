import { changedSessions } from '#lib/agenda/draft.ts';
import { publishRelease, readDraft } from '#lib/agenda/server/draft.ts';
import { optionalText } from '#lib/forms/fields.ts';
import { parseForm, withIssue } from '#lib/forms/parse.ts';
import { href } from '#lib/i18n/locale.ts';
import { forgetSummits } from '#lib/summits/server/kept.ts';
import { error, fail, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	const summit = locals.summit ?? error(404);
	const draft = await readDraft(locals.supabase, summit.id);
	return { next: (draft.release?.number ?? 0) + 1, changes: changedSessions(draft) };
};

export const actions: Actions = {
	default: async ({ locals, params, request }) => {
		const summit = locals.summit ?? error(404);
		const parsed = parseForm(await request.formData(), v.object({ note: optionalText(1000) }));
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const { note } = parsed.output;
		const made = await publishRelease(locals.supabase, summit.id, note === '' ? {} : { original: 'en', en: note });
		if (made.status !== 'ok') {
			const message = 'There is nothing to release: no session is confirmed and has a time.';
			return fail(409, { form: withIssue(parsed.form, '', message) });
		}
		forgetSummits();
		redirect(303, href(`/${params.summit}/organise/agenda?released=${made.number ?? ''}`));
	}
};
