import { placeOf } from '#lib/agenda/place.ts';
import { previewRelease, publishRelease } from '#lib/agenda/server/changes.ts';
import type { AnswerOf } from '#lib/database/calls.ts';
import { wholeNumber } from '#lib/forms/fields.ts';
import { parseForm, withIssue } from '#lib/forms/parse.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { forgetSummits } from '#lib/summits/server/cache.ts';
import { gatherText, tagsFor, textEntries } from '#lib/summits/written.ts';
import { error, fail, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	const { summit } = locals;
	const preview = await previewRelease(locals.supabase, summit.id);
	if (preview.status !== 'ok') error(403, m.ui_forbidden());
	return {
		preview,
		next: (preview.number ?? 0) + 1,
		place: placeOf(summit, null),
		languages: tagsFor(summit.languages, null)
	};
};

function refusal(answer: Exclude<AnswerOf<'publish_release'>, { status: 'ok' }>): string {
	if (answer.status === 'published_meanwhile')
		return `${answer.by ?? 'Somebody'} published release ${answer.number ?? ''} meanwhile. What would change now is below; nothing of yours is lost.`;
	if (answer.status === 'blocked') return 'A blocking check failed. It is listed below.';
	return 'There is nothing to release: no session is confirmed and has a time.';
}

export const actions: Actions = {
	default: async ({ locals, params, request }) => {
		const { summit } = locals;
		const tags = tagsFor(summit.languages, null);
		const fields = { ...textEntries('note', tags, { most: 1000, lines: true }), expected: wholeNumber() };
		const parsed = parseForm(await request.formData(), v.object(fields));
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const note = gatherText(parsed.output, 'note', tags);
		const made = await publishRelease(locals.supabase, summit.id, note, Number(parsed.output.expected));
		if (made.status !== 'ok') return fail(409, { form: withIssue(parsed.form, '', refusal(made)) });
		forgetSummits();
		redirect(303, href(`/${params.summit}/organise/agenda?released=${made.number}`));
	}
};
