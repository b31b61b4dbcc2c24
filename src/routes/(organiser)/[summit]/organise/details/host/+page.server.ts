import { requestHostList, decideHostList, readHostLists } from '#lib/logistics/server/overview.ts';
import { id, list, requiredLines, requiredText } from '#lib/forms/fields.ts';
import { parseForm, withIssue } from '#lib/forms/parse.ts';
import { m } from '#lib/i18n/messages.ts';
import { error, fail } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit, supabase } = locals;
	const read = await readHostLists(supabase, summit.id);
	if (!read) error(403, m.shell_forbidden());
	return { ...read, isGone: url.searchParams.get('done') === 'gone' };
};

export const actions: Actions = {
	ask: async ({ locals, request }) => {
		const { summit, supabase } = locals;
		const schema = v.object({ purpose: requiredLines(1000), recipient: requiredText(300), 'fields[]': list(id()) });
		const parsed = parseForm(await request.formData(), schema, 'ask');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const { purpose, recipient, 'fields[]': fields } = parsed.output;
		const status = await requestHostList(supabase, summit.id, { purpose, recipient, fields });
		if (status === 'ok') return { done: 'Asked for. Somebody else of registration or safeguarding confirms it.' };
		return fail(409, { form: withIssue(parsed.form, '', 'This cannot be asked for as things stand.') });
	},
	decide: async ({ locals, request }) => {
		const { summit, supabase } = locals;
		const schema = v.object({ list: id(), decision: v.picklist(['confirm', 'refuse']) });
		const parsed = parseForm(await request.formData(), schema, 'decide');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const confirmed = parsed.output.decision === 'confirm';
		const status = await decideHostList(supabase, summit.id, parsed.output.list, confirmed);
		if (status === 'ok')
			return { done: confirmed ? 'Confirmed. Who asked can take it once, within a day.' : 'Refused.' };
		const words =
			status === 'own' ? 'You asked for it: somebody else confirms it.' : 'It was decided already, or came too late.';
		return fail(409, { form: withIssue(parsed.form, '', words) });
	}
};
