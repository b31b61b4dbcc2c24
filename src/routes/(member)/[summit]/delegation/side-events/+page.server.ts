import { byStatus } from '#lib/database/by-status.ts';
import { id } from '#lib/forms/fields.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { mySideEvents, saveSideEvent, withdrawSideEvent } from '#lib/proposals/server/side-events.ts';
import { isUndecided, requestFields, requestSchema } from '#lib/proposals/side-events.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit, supabase } = locals;
	const own = await mySideEvents(supabase, summit.id);
	if (own.members.length === 0) error(404, m.ui_not_found());
	const asked = url.searchParams.get('event');
	const edited = own.events.find((event) => event.id === asked && isUndecided(event)) ?? null;
	return { ...own, edited, languages: summit.languages, done: url.searchParams.get('done') };
};

const page = (summit: string | undefined, done: string) => `/${summit ?? ''}/delegation/side-events?done=${done}`;

export const actions: Actions = {
	ask: formAction('ask', requestSchema, async (input, { locals, params }) => {
		const { member, event, version } = input;
		const status = await saveSideEvent(locals.supabase, {
			summit: locals.summit.id,
			member,
			side_event: event || null,
			version,
			fields: requestFields(input)
		});
		return byStatus(status, {
			ok: () => page(params.summit, 'asked'),
			not_found: notFound,
			closed: () => refuse('', m.proposals_side_closed()),
			limited: () => refuse('', m.proposals_side_limited()),
			conflict: () => refuse('', m.proposals_side_conflict()),
			invalid: () => refuse('', m.ui_form_wrong(), 422)
		});
	}),
	withdraw: formAction('withdraw', v.object({ event: id() }), async ({ event }, { locals, params }) =>
		byStatus(await withdrawSideEvent(locals.supabase, event), {
			ok: () => page(params.summit, 'withdrawn'),
			not_found: () => refuse('', m.proposals_side_conflict())
		})
	)
};
