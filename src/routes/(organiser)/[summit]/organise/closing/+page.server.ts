import { saveCampaign } from '#lib/campaigns/server/campaigns.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { joinList } from '#lib/i18n/list.ts';
import { m } from '#lib/i18n/messages.ts';
import { prepareMessage } from '#lib/mail/server/preparing.ts';
import { closingBlocked, closingItems, closingOpen } from '#lib/organising/closing-page.ts';
import { launchRefusal } from '#lib/organising/launch.ts';
import { thanked, thanksCampaign, thanksMessage } from '#lib/organising/thanks.ts';
import { className } from '#lib/privacy/retention.ts';
import { setSummitState } from '#lib/summits/server/settings.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	const { summit, supabase } = locals;
	const closing = await rpc(supabase, 'read_closing', { summit: summit.id });
	if (!closing) error(403, m.ui_forbidden());
	const { items, ran, clocks, ...rest } = closing;
	return {
		...rest,
		...closingItems(items, summit.slug),
		ran: ran.map(className),
		clocks: clocks.map((clock) => ({ ...clock, label: className(clock.code) }))
	};
};

const stateForm = v.object({
	state: v.picklist(['open', 'closed', 'archived']),
	'accepted[]': v.optional(v.array(v.string()), [])
});

export const actions: Actions = {
	state: formAction('state', stateForm, async ({ state, 'accepted[]': accepted }, { locals }) => {
		const { summit, supabase } = locals;
		const done = () => `/${summit.slug}/organise/closing?done=${state}`;
		return byStatus(await setSummitState(supabase, summit.id, state, accepted), {
			ok: done,
			already: done,
			not_ready: ({ items }) => refuse('', launchRefusal(items)),
			blocked: ({ items }) => refuse('', closingBlocked(items)),
			open: ({ items }) => refuse('', closingOpen(items)),
			clock_ran: ({ classes }) => refuse('', m.summits_clock_ran({ classes: joinList(classes.map(className)) })),
			not_allowed: () => error(403, m.ui_forbidden())
		});
	}),
	// A second press opens what is there, also when it was sent.
	focal: formAction('thanks', v.object({}), async (_, { locals }) => {
		const { summit, supabase } = locals;
		return byStatus(await saveCampaign(supabase, { id: null, after: 0 }, thanksCampaign(summit)), {
			ok: ({ id }) => `/community/campaigns/${id}`,
			stale: ({ id }) => `/community/campaigns/${id}`,
			wrong_state: () => refuse('', m.campaigns_no_draft()),
			invalid: () => refuse('', m.campaigns_invalid(), 422),
			not_found: () => error(403, m.ui_forbidden())
		});
	}),
	thanks: formAction('thanks', v.object({ to: v.picklist(thanked) }), async ({ to }, { locals }) => {
		const { summit, supabase } = locals;
		const opened = ({ id }: { id: string }) => `/${summit.slug}/organise/mail/group/${id}`;
		return byStatus(await prepareMessage(supabase, summit.id, `thanks ${to}`, thanksMessage(to)), {
			ok: opened,
			sent: opened,
			stale: opened,
			invalid: () => refuse('', m.mail_group_invalid(), 422),
			not_allowed: () => error(403, m.ui_forbidden())
		});
	})
};
