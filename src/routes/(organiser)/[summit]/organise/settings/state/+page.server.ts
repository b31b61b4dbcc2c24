import { byStatus } from '#lib/database/by-status.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { joinList } from '#lib/i18n/list.ts';
import { m } from '#lib/i18n/messages.ts';
import { closingBlocked, closingOpen } from '#lib/organising/closing-page.ts';
import { launchRefusal } from '#lib/organising/launch.ts';
import { className } from '#lib/privacy/retention.ts';
import { readSummitSettings, setSummitState } from '#lib/summits/server/settings.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
	const { state } = await readSummitSettings(locals.supabase, params.summit);
	return { state };
};

const schema = v.object({
	state: v.picklist(['draft', 'open', 'live'], () => m.summits_state_missing())
});

export const actions: Actions = {
	default: formAction(schema, async ({ state }, { locals, params }) => {
		const { id } = await readSummitSettings(locals.supabase, params.summit);
		const saved = () => `/${params.summit}/organise/settings/state?done=saved`;
		return byStatus(await setSummitState(locals.supabase, id, state), {
			ok: saved,
			already: saved,
			not_ready: ({ items }) => refuse('state', launchRefusal(items)),
			blocked: ({ items }) => refuse('state', closingBlocked(items)),
			open: ({ items }) => refuse('state', closingOpen(items)),
			clock_ran: ({ classes }) => refuse('state', m.summits_clock_ran({ classes: joinList(classes.map(className)) })),
			not_allowed: () => error(403, m.ui_forbidden())
		});
	})
};
