import { byStatus } from '#lib/database/by-status.ts';
import { requireCollection } from '#lib/evaluation/server/results-page.ts';
import { decideText, listTexts, readResults } from '#lib/evaluation/server/surveys.ts';
import { id, requiredText } from '#lib/forms/fields.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import * as v from 'valibot';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

export const load: PageServerLoad = async ({ locals, params, setHeaders }) => {
	setHeaders({ 'cache-control': 'no-store' });
	const { survey, collection } = await requireCollection(locals, params);
	const results = await readResults(locals.supabase, collection.id);
	const texts = results.status === 'ok' ? ((await listTexts(locals.supabase, collection.id)) ?? []) : [];
	return { survey, collection, results, texts };
};

export const actions: Actions = {
	release: formAction('release', v.object({ text: id() }), async ({ text }, { locals }) =>
		byStatus(await decideText(locals.supabase, text, true), {
			ok: () => ({ done: m.evaluation_text_agreed() }),
			already: () => ({ done: m.evaluation_text_agreed() }),
			invalid: () => refuse('', m.evaluation_text_is_hidden()),
			not_found: () => notFound()
		})
	),
	hide: formAction(
		(_: RequestEvent, data: FormData) => ({
			name: `hide-${String(data.get('text'))}`,
			schema: v.object({ text: id(), reason: requiredText(500) })
		}),
		async ({ text, reason }, { locals }) =>
			byStatus(await decideText(locals.supabase, text, false, reason), {
				ok: () => ({ done: m.evaluation_text_was_hidden() }),
				already: () => ({ done: m.evaluation_text_was_hidden() }),
				invalid: () => refuse('reason', m.ui_form_wrong(), 422),
				not_found: () => notFound()
			})
	)
};
