import { id } from '#lib/forms/fields.ts';
import { parseForm } from '#lib/forms/parse.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { listQuestions, markQuestion } from '#lib/speakers/server/work.ts';
import { error, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import { participationOf } from '../../principal.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params, setHeaders }) => {
	setHeaders({ 'cache-control': 'no-store' });
	const { participation } = await participationOf(locals, params.participation);
	const ahead = await listQuestions(locals.supabase, participation.session_id);
	return { participation, ahead: ahead ?? error(404, m.ui_not_found()) };
};

const marks = { take: 'answered', open: 'asked', hide: 'declined', show: 'asked' } as const;

export const actions: Actions = {
	default: async ({ locals, params, request }) => {
		const schema = v.object({ question: id(), mark: v.picklist(['take', 'open', 'hide', 'show']) });
		const parsed = parseForm(await request.formData(), schema);
		if (!parsed.ok) error(404, m.ui_not_found());
		// A question that was withdrawn meanwhile is no longer listed.
		await markQuestion(locals.supabase, parsed.output.question, marks[parsed.output.mark]);
		redirect(303, href(`/${params.summit}/speak/${params.participation}/questions`));
	}
};
