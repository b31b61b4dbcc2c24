import type { RefusalOf } from '#lib/database/calls.ts';
import { id } from '#lib/forms/fields.ts';
import { parseForm } from '#lib/forms/parse.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { invitationDone } from '#lib/registration/delegation-words.ts';
import { inviteRefusal, inviteSchema } from '#lib/registration/invite-form.ts';
import {
	inviteDelegate,
	readMemberInvitations,
	resendInvitation,
	revokeInvitation
} from '#lib/registration/server/delegation.ts';
import { sealLetter } from '#lib/registration/server/invitations.ts';
import { error, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

const isId = (text: string) => v.is(v.pipe(v.string(), v.uuid()), text);

async function invitationsOf({ summit, supabase }: App.Locals, member: string) {
	const read = summit && isId(member) ? await readMemberInvitations(supabase, summit.id, member) : null;
	return read ?? error(404, m.ui_not_found());
}

export const load: PageServerLoad = async ({ locals, params, url }) => ({
	...(await invitationsOf(locals, params.id)),
	id: params.id,
	done: url.searchParams.get('done')
});

// The texts that differ from those for the member's own people.
const refusals: Partial<Record<RefusalOf<'invite_delegate'>, () => string>> = {
	already: m.members_invite_already,
	not_entitled: m.members_invite_not_entitled,
	limited: m.members_invite_limited
};

const acting = v.object({ invitation: id(), act: v.picklist(['again', 'revoke']) });

function back(params: { summit: string; id: string }, done: string): never {
	redirect(303, href(`/${params.summit}/organise/members/${params.id}/invite?done=${done}`));
}

const inviteForm = ({ params }: RequestEvent) => ({ schema: inviteSchema, name: `invite-${params.id}` });

export const actions: Actions = {
	invite: formAction(inviteForm, async ({ mode, queue, address, note, locale }, { locals, params }) => {
		const { summit } = locals;
		const letter = sealLetter(address, note, locale);
		const status = await inviteDelegate(locals.supabase, { summit: summit.id, member: params.id, mode, letter, queue });
		if (status === 'ok') return back(params, 'invited');
		if (status === 'not_allowed') notFound();
		const { field, words } = inviteRefusal(status, queue);
		return refuse(field, refusals[status]?.() ?? words);
	}),
	invitation: async ({ locals, params, request }) => {
		const parsed = parseForm(await request.formData(), acting);
		if (!parsed.ok) return back(params, 'nothing');
		const { invitation, act } = parsed.output;
		// An address is decrypted and encrypted again only for people who may use it.
		const { invitations } = await invitationsOf(locals, params.id);
		if (!invitations.some((each) => each.id === invitation)) error(404, m.ui_not_found());
		const status = await (act === 'again' ? resendInvitation : revokeInvitation)(locals.supabase, invitation);
		return back(params, invitationDone(status, act));
	}
};
