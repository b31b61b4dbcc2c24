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
			ok: () => ({ done: 'Asked for. Somebody else of registration or safeguarding confirms it.' }),
			invalid: () => refuse('', 'Nothing was requested: choose questions that are still asked.', 422),
			not_allowed: () => refuse('', 'Your role does not include requesting lists. Nothing was requested.')
		});
	}),
	decide: formAction('decide', decideSchema, async ({ decision, list }, { locals }) => {
		const { summit, supabase } = locals;
		const confirmed = decision === 'confirm';
		const status = await decideHostList(supabase, summit.id, list, confirmed);
		const late = () => refuse('', 'It was decided already, or came too late.');
		return byStatus(status, {
			ok: () => ({ done: confirmed ? 'Confirmed. Who asked can take it once, within a day.' : 'Refused.' }),
			own: () => refuse('', 'You asked for it: somebody else confirms it.'),
			wrong_state: late,
			not_found: late
		});
	})
};
