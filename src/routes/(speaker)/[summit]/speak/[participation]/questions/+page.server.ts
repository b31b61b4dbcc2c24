import { id } from '#lib/forms/fields.ts';
import { formAction } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { listQuestions, markQuestion } from '#lib/speakers/server/work.ts';
import { error } from '@sveltejs/kit';
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

const marking = v.object({ question: id(), mark: v.picklist(['take', 'open', 'hide', 'show']) });

export const actions: Actions = {
	default: formAction(marking, async ({ question, mark }, { locals, params }) => {
		// A question that was withdrawn meanwhile is no longer listed.
		await markQuestion(locals.supabase, question, marks[mark]);
		return `/${params.summit}/speak/${params.participation}/questions`;
	})
};
