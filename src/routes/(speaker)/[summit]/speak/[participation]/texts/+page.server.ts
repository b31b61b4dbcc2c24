import { linksFromForm } from '#lib/agenda/links.ts';
import { parseForm, withIssue } from '#lib/forms/parse.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { readTexts, saveTexts, withdrawTexts } from '#lib/speakers/server/work.ts';
import { textsSchema, type SessionTexts } from '#lib/speakers/work.ts';
import { gatherText, tagsFor } from '#lib/summits/written.ts';
import { error, fail, redirect } from '@sveltejs/kit';
import { participationOf } from '../../principal.ts';
import type { Actions, PageServerLoad } from './$types';

async function requireTexts(locals: App.Locals, id: string) {
	const { summit, participation } = await participationOf(locals, id);
	const own = await readTexts(locals.supabase, id);
	return { summit, participation, own: own ?? error(404, m.ui_not_found()) };
}

const outcomes: Record<string, () => string> = {
	ok: m.speakers_saved,
	suggested: m.speakers_texts_suggested,
	same: m.speakers_texts_same
};

export const load: PageServerLoad = async ({ locals, params, url }) => {
	const { summit, participation, own } = await requireTexts(locals, params.participation);
	// The author continues with their own waiting suggestion.
	const shown = own.suggestion?.state === 'open' ? own.suggestion.texts : own.texts;
	return {
		participation,
		own,
		shown,
		languages: summit.languages,
		done: outcomes[url.searchParams.get('done') ?? '']?.() ?? null
	};
};

export const actions: Actions = {
	save: async ({ locals, params, request }) => {
		const { summit, own } = await requireTexts(locals, params.participation);
		const shown = own.suggestion?.state === 'open' ? own.suggestion.texts : own.texts;
		const parsed = parseForm(await request.formData(), textsSchema(summit.languages, shown));
		if (!parsed.ok) return fail(422, { form: parsed.form, theirs: null });
		const { links, issues } = linksFromForm(parsed.form.values);
		if (issues.length > 0) return fail(422, { form: { ...parsed.form, issues }, theirs: null });
		const output = parsed.output as Record<string, unknown>;
		const gathered = (name: keyof SessionTexts) => gatherText(output, name, tagsFor(summit.languages, shown[name]));
		const texts = {
			title: gathered('title'),
			abstract: gathered('abstract'),
			content_note: gathered('content_note'),
			...(links && { links })
		};
		const saved = await saveTexts(locals.supabase, params.participation, texts, Number(output['version']));
		if (Object.hasOwn(outcomes, saved.status))
			redirect(303, href(`/${params.summit}/speak/${params.participation}/texts?done=${saved.status}`));
		if (saved.status === 'conflict')
			return fail(409, {
				form: withIssue(parsed.form, '', m.speakers_conflict()),
				theirs: { texts: saved.texts, version: saved.version }
			});
		const words = saved.status === 'invalid' ? m.speakers_not_saved() : m.speakers_texts_closed();
		return fail(409, { form: withIssue(parsed.form, '', words), theirs: null });
	},
	withdraw: async ({ locals, params }) => {
		await withdrawTexts(locals.supabase, params.participation);
		redirect(303, href(`/${params.summit}/speak/${params.participation}/texts`));
	}
};
