import { byStatus } from '#lib/database/by-status.ts';
import { copySurvey, deleteQuestion, moveQuestion, moveSurvey, requireSurvey } from '#lib/evaluation/server/surveys.ts';
import { id } from '#lib/forms/fields.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { outcomeWords } from '#lib/forms/outcome.ts';
import { m } from '#lib/i18n/messages.ts';
import * as v from 'valibot';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

const doneWords: Record<string, () => string> = {
	saved: m.evaluation_saved,
	publish: m.evaluation_published,
	end: m.evaluation_ended,
	take_back: m.evaluation_taken_back,
	copied: m.evaluation_copied
};

export const load: PageServerLoad = async ({ locals, params, url }) => ({
	survey: await requireSurvey(locals, params.survey),
	done: outcomeWords(doneWords, url.searchParams.get('done'))
});

const about = ({ params }: RequestEvent) => `/${params.summit}/organise/surveys`;

const editRefusals = {
	not_found: () => notFound(),
	invalid: () => refuse('', m.evaluation_question_wrong(), 422),
	frozen: () => refuse('', m.evaluation_frozen()),
	conflict: () => refuse('', m.evaluation_conflict()),
	needed: () => refuse('', m.evaluation_needed())
};

export const actions: Actions = {
	step: formAction(
		'step',
		v.object({ step: v.picklist(['publish', 'end', 'take_back', 'delete']) }),
		async ({ step }, event) => {
			const status = await moveSurvey(event.locals.supabase, event.params.survey, step);
			const to =
				step === 'delete' ? `${about(event)}?done=deleted` : `${about(event)}/${event.params.survey}?done=${step}`;
			return byStatus(status, {
				ok: () => to,
				not_found: () => notFound(),
				overlap: () => refuse('', m.evaluation_overlap()),
				empty: () => refuse('', m.evaluation_empty()),
				answered: () => refuse('', m.evaluation_has_answers()),
				wrong_state: () => refuse('', m.evaluation_wrong_state())
			});
		}
	),
	copy: formAction('copy', v.object({}), async (_, event) => {
		const copied = await copySurvey(event.locals.supabase, event.params.survey);
		return copied.status === 'ok' ? `${about(event)}/${copied.id}?done=copied` : notFound();
	}),
	move: formAction(
		'move',
		v.object({ question: id(), to: v.picklist(['up', 'down']) }),
		async ({ question, to }, { locals, params }) =>
			byStatus(await moveQuestion(locals.supabase, params.survey, question, to === 'up'), {
				...editRefusals,
				ok: () => ({ done: m.logistics_field_moved() })
			})
	),
	delete: formAction('delete', v.object({ question: id() }), async ({ question }, { locals, params }) =>
		byStatus(await deleteQuestion(locals.supabase, params.survey, question), {
			...editRefusals,
			ok: () => ({ done: m.evaluation_question_deleted() })
		})
	)
};
