import { byStatus } from '#lib/database/by-status.ts';
import { id } from '#lib/forms/fields.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { invitationDone } from '#lib/registration/delegation-words.ts';
import { inviteRefusal, inviteSchema } from '#lib/registration/invite-form.ts';
import {
	inviteDelegate,
	nominateRegistrations,
	placeDelegate,
	readDelegation,
	resendInvitation,
	revokeInvitation
} from '#lib/registration/server/delegation.ts';
import { sealLetter } from '#lib/registration/server/invitations.ts';
import { error, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const delegations = await readDelegation(locals.supabase, locals.summit.id);
	const about = url.searchParams.get('about');
	const person = delegations.flatMap(({ people }) => people).find((each) => each.registration_id === about);
	return { delegations, done: url.searchParams.get('done'), about: person?.display_name ?? null };
};

function back(params: { summit: string }, done = '', about = ''): never {
	const query = new URLSearchParams({ ...(done && { done }), ...(about && { about }) }).toString();
	redirect(303, href(`/${params.summit}/delegation${query ? `?${query}` : ''}`));
}

const naming = v.object({ registration: id() });
const moving = v.object({ registration: id(), place: v.picklist(['up', 'down']) });
const acting = v.object({ invitation: id(), act: v.picklist(['again', 'revoke']) });

const inviteForm = (_: RequestEvent, data: FormData) => ({
	schema: inviteSchema,
	name: `invite-${String(data.get('member'))}`
});

export const actions: Actions = {
	invite: formAction(inviteForm, async ({ member, mode, queue, address, note, locale }, { locals, params }) => {
		const letter = sealLetter(address, note, locale);
		const status = await inviteDelegate(locals.supabase, { summit: locals.summit.id, member, mode, letter, queue });
		if (status === 'ok') return back(params, 'invited');
		if (status === 'not_allowed') notFound();
		const { field, words } = inviteRefusal(status, queue);
		return refuse(field, words);
	}),
	invitation: formAction('invitation', acting, async ({ invitation, act }, { locals, params }) => {
		// An address is decrypted and encrypted again only for people who may use it.
		const own = (await readDelegation(locals.supabase, locals.summit.id)).some(({ invitations }) =>
			invitations.some((each) => each.id === invitation)
		);
		if (!own) error(404, m.ui_not_found());
		const status = await (act === 'again' ? resendInvitation : revokeInvitation)(locals.supabase, invitation);
		return back(params, invitationDone(status, act));
	}),
	nominate: formAction('nominate', naming, async ({ registration }, { locals, params }) => {
		// The database skips registrations of other members.
		const [answer] = await nominateRegistrations(locals.supabase, [registration]);
		const nothing = () => 'nothing';
		const done = byStatus(answer?.status ?? 'wrong_state', {
			nominated: () => 'nominated',
			closed: () => 'closed',
			wrong_state: nothing,
			not_allowed: nothing
		});
		return back(params, done, registration);
	}),
	place: formAction('place', moving, async ({ registration, place }, { locals, params }) => {
		await placeDelegate(locals.supabase, registration, place);
		return back(params);
	})
};
