import { byStatus } from '#lib/database/by-status.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { pageActSchema, pageFields, pageSchema, writesPages } from '#lib/groups/pages.ts';
import { readGroup } from '#lib/groups/server/groups.ts';
import { readWrittenPage } from '#lib/groups/server/pages.ts';
import { m } from '#lib/i18n/messages.ts';
import type { RequestEvent } from '@sveltejs/kit';
import type { Actions, PageServerLoad, RouteParams } from './$types';

export const load: PageServerLoad = async ({ locals: { supabase }, params, url }) => {
	const [group, page] = await Promise.all([
		readGroup(supabase, params.group),
		readWrittenPage(supabase, params.group, params.page)
	]);
	if (!page && !writesPages(group)) notFound();
	return { group, page, done: url.searchParams.get('done') ?? '', once: crypto.randomUUID() };
};

const saving = async ({ locals, params }: RequestEvent<RouteParams>) => {
	const before = await readWrittenPage(locals.supabase, params.group, params.page);
	return { schema: pageSchema(before?.draft ?? null), name: 'save', before };
};

export const actions: Actions = {
	save: formAction(saving, async (input, { locals, params }, _, { before }) => {
		const answer = await rpc(locals.supabase, 'save_group_page', {
			code: params.group,
			page: before?.code ?? null,
			version: input.version,
			fields: pageFields(input, before?.draft ?? null)
		});
		return byStatus(answer, {
			ok: ({ code }) => `/community/groups/${params.group}/pages/${code}/edit?done=${input.act}`,
			conflict: () => refuse('', m.groups_page_conflict()),
			ended: () => refuse('', m.groups_page_ended()),
			invalid: () => refuse('', m.ui_form_wrong(), 422),
			limited: () => refuse('', m.groups_page_limited()),
			not_found: notFound
		});
	}),
	act: formAction('act', pageActSchema, async ({ act, version }, { locals, params }) => {
		const at = `/community/groups/${params.group}`;
		return byStatus(await rpc(locals.supabase, 'act_on_group_page', { page: params.page, version, act }), {
			ok: () => (act === 'delete' ? at : `${at}/pages/${params.page}/edit?done=${act}`),
			conflict: () => refuse('', m.groups_page_conflict()),
			not_found: notFound
		});
	})
};
