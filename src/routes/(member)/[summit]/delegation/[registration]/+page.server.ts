import { byStatus } from '#lib/database/by-status.ts';
import type { RefusalOf } from '#lib/database/calls.ts';
import { requiredLines } from '#lib/forms/fields.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { inviteRefusal, letterFields } from '#lib/registration/invite-form.ts';
import {
	delegateOf,
	inviteToSeat,
	nominateRegistrations,
	placeDelegate,
	reassignSeat,
	refuseNomination
} from '#lib/registration/server/delegation.ts';
import { sealLetter } from '#lib/registration/server/invitations.ts';
import { error, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

async function colleague({ summit, supabase }: App.Locals, registration: string) {
	const found = summit && (await delegateOf(supabase, summit.id, registration));
	return found || error(404, m.ui_not_found());
}

export const load: PageServerLoad = async ({ locals, params, url }) => ({
	...(await colleague(locals, params.registration)),
	done: url.searchParams.get('done')
});

function here(params: { summit: string; registration: string }, done: string): never {
	redirect(303, href(`/${params.summit}/delegation/${params.registration}?done=${done}`));
}

const refusal = v.object({ reason: requiredLines(500, () => m.registration_delegation_not_ours_missing()) });
const heading = v.object({ place: v.picklist(['head', 'no_head']) });
const successor = v.object({
	colleague: v.pipe(v.optional(v.string(), ''), v.uuid(m.registration_delegation_hand_choose))
});

export const actions: Actions = {
	nominate: async ({ locals, params }) => {
		const [answer] = await nominateRegistrations(locals.supabase, [params.registration]);
		return byStatus(answer?.status ?? 'wrong_state', {
			nominated: () => here(params, 'nominated'),
			closed: () => here(params, 'closed'),
			wrong_state: () => here(params, 'nothing'),
			not_allowed: notFound
		});
	},
	refuse: formAction('refuse', refusal, async ({ reason }, { locals, params }) => {
		const status = await refuseNomination(locals.supabase, params.registration, reason);
		return byStatus(status, {
			ok: () => here(params, 'refused'),
			reason_needed: () => here(params, 'nothing'),
			wrong_state: () => here(params, 'nothing'),
			not_found: notFound
		});
	}),
	head: formAction('head', heading, async ({ place }, { locals, params }) => {
		const status = await placeDelegate(locals.supabase, params.registration, place);
		return here(params, status === 'ok' ? place : 'nothing');
	}),
	hand: formAction('hand', successor, async (input, { locals, params }) => {
		const { person } = await colleague(locals, params.registration);
		const status = await reassignSeat(locals.supabase, params.registration, input.colleague);
		if (status === 'ok') return `/${params.summit}/delegation?done=handed&about=${params.registration}`;
		const words: Record<RefusalOf<'transfer_seat_to_colleague'>, () => string> = {
			not_found: m.registration_delegation_done_nothing,
			closed: m.registration_delegation_hand_closed,
			wrong_state: () => m.registration_delegation_hand_no_seat({ name: person.display_name }),
			not_waiting: m.registration_delegation_hand_not_waiting
		};
		return refuse('colleague', words[status]());
	}),
	promise: formAction('promise', v.object(letterFields), async ({ address, note, locale }, { locals, params }) => {
		const { person } = await colleague(locals, params.registration);
		const status = await inviteToSeat(locals.supabase, params.registration, sealLetter(address, note, locale));
		if (status === 'ok') return here(params, 'promised');
		const lost = status === 'wrong_state' || status === 'not_found';
		const { field, words } = lost
			? { field: '', words: m.registration_delegation_hand_no_seat({ name: person.display_name }) }
			: inviteRefusal(status);
		return refuse(field, words);
	})
};
