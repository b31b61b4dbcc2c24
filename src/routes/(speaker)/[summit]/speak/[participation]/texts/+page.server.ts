import { linksFromForm } from '#lib/agenda/links.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { withIssue } from '#lib/forms/parse.ts';
import { formAction, FormRefusal, notFound, refuse } from '#lib/forms/server/action.ts';
import { outcomeWords } from '#lib/forms/outcome.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { readTexts, saveTexts, withdrawTexts } from '#lib/speakers/server/work.ts';
import { textsSchema, type SessionTexts } from '#lib/speakers/work.ts';
import { gatherText, tagsFor } from '#lib/summits/written.ts';
import { error, fail, redirect } from '@sveltejs/kit';
import { participationOf } from '../../principal.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

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
		done: outcomeWords(outcomes, url.searchParams.get('done'))
	};
};

async function textsForm({ locals, params }: RequestEvent) {
	const { summit, own } = await requireTexts(locals, params.participation);
	const shown = own.suggestion?.state === 'open' ? own.suggestion.texts : own.texts;
	return { summit, shown, schema: textsSchema(summit.languages, shown) };
}

export const actions: Actions = {
	save: formAction(textsForm, async (output: Record<string, unknown>, event, form, { summit, shown }) => {
		const { locals, params } = event;
		const { links, issues } = linksFromForm(form.values);
		if (issues.length > 0) return new FormRefusal(issues, 422);
		const gathered = (name: keyof SessionTexts) => gatherText(output, name, tagsFor(summit.languages, shown[name]));
		const texts = {
			title: gathered('title'),
			abstract: gathered('abstract'),
			content_note: gathered('content_note'),
			...(links && { links })
		};
		const saved = await saveTexts(locals.supabase, params.participation, texts, Number(output['version']));
		const done = ({ status }: { status: string }) =>
			`/${params.summit}/speak/${params.participation}/texts?done=${status}`;
		return byStatus(saved, {
			ok: done,
			suggested: done,
			same: done,
			conflict: ({ texts, version }) =>
				fail(409, { form: withIssue(form, '', m.speakers_conflict()), theirs: { texts, version } }),
			invalid: () => refuse('', m.speakers_not_saved()),
			closed: () => refuse('', m.speakers_texts_closed()),
			not_found: notFound
		});
	}),
	withdraw: async ({ locals, params }) => {
		await withdrawTexts(locals.supabase, params.participation);
		redirect(303, href(`/${params.summit}/speak/${params.participation}/texts`));
	}
};
