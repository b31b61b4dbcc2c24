import { auditQuery } from '#lib/audit/history.ts';
import { listAudit, openAuditEntry } from '#lib/audit/server/history.ts';
import { parseForm, withIssue } from '#lib/forms/parse.ts';
import { m } from '#lib/i18n/messages.ts';
import { error, fail } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit } = locals;
	const query = auditQuery(url.searchParams);
	const list = await listAudit(locals.supabase, summit.id, query);
	if (!list) error(403, m.shell_forbidden());
	return { list, query };
};

export const actions: Actions = {
	open: async ({ locals, request }) => {
		const { summit } = locals;
		const entry = v.pipe(v.string(), v.regex(/^\d{1,15}$/));
		const parsed = parseForm(await request.formData(), v.object({ entry }), 'open');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const answer = await openAuditEntry(locals.supabase, summit.id, parsed.output.entry);
		if (answer.status === 'not_found') error(404, m.shell_not_found());
		if (answer.status === 'closed') {
			return fail(409, {
				form: withIssue(parsed.form, '', 'This can no longer be read: it was erased, or is sealed.')
			});
		}
		return { opened: { id: parsed.output.entry, fields: answer.fields ?? [] } };
	}
};
