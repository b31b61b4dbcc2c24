import { byStatus } from '#lib/database/by-status.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { noticeSchema } from '#lib/groups/group.ts';
import { readGroup } from '#lib/groups/server/groups.ts';
import { inPageLanguage } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { supabase }, params, url }) => {
	const [group, notices] = await Promise.all([
		readGroup(supabase, params.group),
		rpc(supabase, 'list_group_notices', { code: params.group })
	]);
	return { group, notices: notices ?? notFound(), done: url.searchParams.get('done') ?? '', once: crypto.randomUUID() };
};

export const actions: Actions = {
	send: formAction('send', noticeSchema, async ({ once, subject, body }, { locals, params }) => {
		const notice = { code: params.group, once, subject: inPageLanguage(subject), body: inPageLanguage(body) };
		return byStatus(await rpc(locals.supabase, 'send_group_notice', notice), {
			ok: () => `/community/groups/${params.group}/notices?done=sent`,
			limited: () => refuse('', m.groups_notice_limited(), 429),
			invalid: () => refuse('', m.ui_form_wrong(), 422),
			not_found: notFound
		});
	})
};
