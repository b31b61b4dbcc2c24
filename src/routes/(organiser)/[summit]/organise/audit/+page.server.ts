import { auditQuery } from '#lib/audit/history.ts';
import { listAudit, openAuditEntry } from '#lib/audit/server/history.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit } = locals;
	const query = auditQuery(url.searchParams);
	const list = await listAudit(locals.supabase, summit.id, query);
	if (!list) error(403, m.ui_forbidden());
	return { list, query };
};

const entry = v.pipe(v.string(), v.regex(/^\d{1,15}$/));

export const actions: Actions = {
	open: formAction('open', v.object({ entry }), async ({ entry }, { locals }) => {
		const { summit } = locals;
		const answer = await openAuditEntry(locals.supabase, summit.id, entry);
		return byStatus(answer, {
			ok: ({ fields }) => ({ opened: { id: entry, fields } }),
			closed: () => refuse('', m.audit_gone()),
			not_found: notFound
		});
	})
};
