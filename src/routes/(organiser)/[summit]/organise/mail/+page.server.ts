import { byStatus } from '#lib/database/by-status.ts';
import { id } from '#lib/forms/fields.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { number } from '#lib/i18n/time.ts';
import { mailStates } from '#lib/mail/mailbox.ts';
import { listMail, retryDeadMail, retryMail } from '#lib/mail/server/mailbox.ts';
import { pageNumber } from '#lib/ui/page-number.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

const pageSize = 50;

export const load: PageServerLoad = async ({ locals, url }) => {
	const state = mailStates.find((known) => known === url.searchParams.get('state')) ?? 'dead';
	const page = pageNumber(url.searchParams);
	const list = await listMail(locals.supabase, locals.summit.id, state, pageSize, (page - 1) * pageSize);
	if (!list) error(403, m.ui_forbidden());
	return { list, state, page, pages: Math.max(1, Math.ceil((list.counts[state] ?? 0) / pageSize)) };
};

export const actions: Actions = {
	retry: formAction('retry', v.object({ mail: id() }), async ({ mail }, { locals }) => {
		const status = await retryMail(locals.supabase, mail);
		return byStatus(status, {
			ok: () => ({ done: m.mail_done_again() }),
			wrong_state: () => refuse('', m.mail_already_going()),
			not_allowed: notFound
		});
	}),
	all: async ({ locals }) => {
		const count = await retryDeadMail(locals.supabase, locals.summit.id);
		return { done: m.mail_done_all_again({ count, shown: number(count) }) };
	}
};
