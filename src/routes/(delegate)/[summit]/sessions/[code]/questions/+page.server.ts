import { readSession } from '#lib/agenda/server/sessions.ts';
import type { RefusalOf } from '#lib/database/calls.ts';
import { id, requiredLines } from '#lib/forms/fields.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { askAdvanceQuestion, readQuestionBox, withdrawQuestion } from '#lib/speakers/server/work.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

async function requireQuestionBox(locals: App.Locals, code: string) {
	const { summit } = locals;
	const session = (await readSession(locals.supabase, summit.id, code)) ?? error(404, m.ui_not_found());
	const box = (await readQuestionBox(locals.supabase, session.id)) ?? error(404, m.ui_not_found());
	return { session, box };
}

const done = { sent: m.speakers_ask_sent, withdrawn: m.speakers_ask_withdrawn };
const refusals = {
	invalid: m.ui_form_wrong,
	limited: m.speakers_ask_limited,
	begun: m.speakers_ask_begun,
	no_entry: m.speakers_ask_no_entry,
	off: m.speakers_ask_off
} satisfies Record<Exclude<RefusalOf<'ask_advance_question'>, 'already' | 'not_found'>, () => string>;

export const load: PageServerLoad = async ({ locals, params, url, setHeaders }) => {
	setHeaders({ 'cache-control': 'no-store' });
	const { session, box } = await requireQuestionBox(locals, params.code);
	const word = url.searchParams.get('done');
	return {
		session: { code: session.code, title: session.title },
		box,
		refusal: box.status === 'ok' || box.status === 'not_found' ? null : refusals[box.status](),
		done: word === 'sent' || word === 'withdrawn' ? done[word]() : null
	};
};

async function questionForm({ locals, params }: RequestEvent) {
	const { session, box } = await requireQuestionBox(locals, params.code);
	const shown_as = v.optional(v.picklist(box.names), 'nobody');
	return { session, name: 'send', schema: v.object({ body: requiredLines(2000), shown_as }) };
}

export const actions: Actions = {
	send: formAction(questionForm, async ({ body, shown_as }, { locals, params }, _, { session }) => {
		const status = await askAdvanceQuestion(locals.supabase, session.id, body, shown_as);
		// A repeated text is the second click of one question.
		if (status === 'ok' || status === 'already') return `/${params.summit}/sessions/${params.code}/questions?done=sent`;
		return status === 'not_found' ? notFound() : refuse('', refusals[status]());
	}),
	withdraw: formAction('withdraw', v.object({ question: id() }), async ({ question }, { locals, params }) => {
		await withdrawQuestion(locals.supabase, question);
		return `/${params.summit}/sessions/${params.code}/questions?done=withdrawn`;
	})
};
