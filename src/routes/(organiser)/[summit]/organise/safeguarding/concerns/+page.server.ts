import { id, optionalLines } from '#lib/forms/fields.ts';
import { parseForm, withIssue } from '#lib/forms/parse.ts';
import { m } from '#lib/i18n/messages.ts';
import { closeConcern, listConcerns } from '#lib/safeguarding/server/concerns.ts';
import { error, fail } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

/** What was reported to the safeguarding leads of the Summit. */
export const load: PageServerLoad = async ({ locals, setHeaders }) => {
	if (!locals.summit) error(404, m.shell_not_found());
	const concerns = await listConcerns(locals.supabase, locals.summit.id);
	if (!concerns) error(403, m.shell_forbidden());
	setHeaders({ 'cache-control': 'no-store' });
	return { concerns };
};

const schema = v.object({ concern: id(), note: optionalLines(4000), closed: v.picklist(['yes', 'no']) });

export const actions: Actions = {
	close: async ({ locals, request }) => {
		const parsed = parseForm(await request.formData(), schema, 'close');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const { concern, note, closed } = parsed.output;
		const status = await closeConcern(locals.supabase, concern, closed === 'yes', note);
		if (status === 'ok') return { done: closed === 'yes' ? 'Closed.' : 'Open again.' };
		return fail(409, {
			form: withIssue(parsed.form, '', 'Somebody else was quicker: this page now shows how it stands.')
		});
	}
};
