import { requestHostList, decideHostList, readHostLists } from '#lib/logistics/server/overview.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { id, list, requiredLines, requiredText } from '#lib/forms/fields.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit, supabase } = locals;
	const read = await readHostLists(supabase, summit.id);
	if (!read) error(403, m.ui_forbidden());
	return { ...read, isGone: url.searchParams.get('done') === 'gone' };
};

const askSchema = v.object({ purpose: requiredLines(1000), recipient: requiredText(300), 'fields[]': list(id()) });
const decideSchema = v.object({ list: id(), decision: v.picklist(['confirm', 'refuse']) });

export const actions: Actions = {
	ask: formAction('ask', askSchema, async ({ purpose, recipient, 'fields[]': fields }, { locals }) => {
		const { summit, supabase } = locals;
		const status = await requestHostList(supabase, summit.id, { purpose, recipient, fields });
		return byStatus(status, {
			ok: () => ({ done: m.logistics_host_asked() }),
			invalid: () => refuse('', m.logistics_host_ask_wrong(), 422),
			not_allowed: () => refuse('', m.logistics_host_ask_not_allowed())
		});
	}),
	decide: formAction('decide', decideSchema, async ({ decision, list }, { locals }) => {
		const { summit, supabase } = locals;
		const confirmed = decision === 'confirm';
		const status = await decideHostList(supabase, summit.id, list, confirmed);
		const late = () => refuse('', m.logistics_host_late());
		return byStatus(status, {
			ok: () => ({ done: confirmed ? m.logistics_host_confirmed_done() : m.logistics_host_refused_done() }),
			own: () => refuse('', m.logistics_host_own()),
			wrong_state: late,
			not_found: late
		});
	})
};
