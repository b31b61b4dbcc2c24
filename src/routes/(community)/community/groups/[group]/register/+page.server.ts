import { byStatus } from '#lib/database/by-status.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { checkbox, id } from '#lib/forms/fields.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { actionChangeSchema, actionSchema, decisionSchema } from '#lib/groups/group.ts';
import { readGroup, readGroupRegister } from '#lib/groups/server/groups.ts';
import { inPageLanguage } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { supabase }, params, url }) => {
	const [group, register] = await Promise.all([
		readGroup(supabase, params.group),
		readGroupRegister(supabase, params.group)
	]);
	return { group, register: register ?? notFound(), done: url.searchParams.get('done') ?? '' };
};

const page = (group: string | undefined) => `/community/groups/${group ?? ''}/register?done=saved`;
const changeForm = (_: unknown, data: FormData) => ({
	schema: actionChangeSchema,
	name: `action-${String(data.get('action'))}`
});
const wrong = () => refuse('', m.ui_form_wrong(), 422);

export const actions: Actions = {
	decide: formAction('decide', decisionSchema, async ({ wording, decided_on }, { locals, params }) => {
		const values = { code: params.group, wording: inPageLanguage(wording), decided_on };
		return byStatus(await rpc(locals.supabase, 'record_group_decision', values), {
			ok: () => page(params.group),
			not_found: notFound,
			invalid: wrong
		});
	}),
	withdraw: formAction('withdraw', v.object({ decision: id() }), async ({ decision }, { locals, params }) =>
		byStatus(await rpc(locals.supabase, 'withdraw_group_decision', { decision }), {
			ok: () => page(params.group),
			already: () => page(params.group),
			not_found: notFound
		})
	),
	add: formAction('add', actionSchema, async ({ task, owner, due_on }, { locals, params }) => {
		const values = { code: params.group, task: inPageLanguage(task), owner: owner || null, due_on: due_on || null };
		return byStatus(await rpc(locals.supabase, 'add_group_action', values), {
			ok: () => page(params.group),
			not_found: notFound,
			invalid: wrong
		});
	}),
	change: formAction(changeForm, async ({ action, owner, due_on, act }, { locals, params }) => {
		const { supabase } = locals;
		const ok = () => page(params.group);
		if (act === 'delete')
			return byStatus(await rpc(supabase, 'delete_group_action', { action }), { ok, not_found: notFound });
		const fields = { action, owner: owner || null, due_on: due_on || null };
		return byStatus(await rpc(supabase, 'change_group_action', fields), { ok, not_found: notFound, invalid: wrong });
	}),
	mark: formAction('mark', v.object({ action: id(), is_done: checkbox() }), async (input, { locals, params }) =>
		byStatus(await rpc(locals.supabase, 'set_group_action_done', input), {
			ok: () => page(params.group),
			already: () => page(params.group),
			not_found: notFound
		})
	)
};
