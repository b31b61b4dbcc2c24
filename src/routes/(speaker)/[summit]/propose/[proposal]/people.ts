import { byStatus } from '#lib/database/by-status.ts';
import { checkbox, id, mailAddress, requiredText } from '#lib/forms/fields.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { isLocale, locales } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { partRoles } from '#lib/proposals/proposal.ts';
import {
	addressOfInvitation,
	inviteToProposal,
	removeProposalPerson,
	resendProposalLetter
} from '#lib/proposals/server/proposals.ts';
import { sealLetter } from '#lib/registration/server/invitations.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { RequestEvent } from './$types';

const invitation = v.object({
	display_name: requiredText(120),
	address: mailAddress(),
	role: v.picklist(partRoles),
	locale: v.picklist(locales),
	is_author: checkbox()
});
const which = v.object({ entry: id() });

/** Invites a person to a proposal by mail. */
export const invitePerson = formAction('invite', invitation, async (input, { locals, params }: RequestEvent) => {
	const { address, locale, ...values } = input;
	const letter = sealLetter(address, '', locale);
	const status = await inviteToProposal(locals.supabase, { proposal: params.proposal, ...values, letter });
	return byStatus(status, {
		ok: () => ({ done: m.proposals_invited() }),
		already: () => refuse('address', m.proposals_invite_already()),
		limited: () => refuse('', m.proposals_invite_limited()),
		closed: () => refuse('', m.proposals_is_closed()),
		invalid: () => refuse('', m.ui_form_wrong()),
		not_found: notFound
	});
});

/** Sends a new link to the same address, which ends the former one. */
export const invitePersonAgain = formAction('invite', which, async ({ entry }, { locals }) => {
	const { supabase } = locals;
	const to = await addressOfInvitation(supabase, entry);
	if (!to) error(404, m.ui_not_found());
	const letter = sealLetter(to.address, '', isLocale(to.locale) ? to.locale : 'en');
	const status = await resendProposalLetter(supabase, entry, letter);
	return byStatus(status, {
		ok: () => ({ done: m.proposals_invited() }),
		limited: () => refuse('', m.proposals_invite_limited()),
		not_found: notFound
	});
});

/** Removes a person, or withdraws an invitation. */
export const removePerson = formAction('invite', which, async ({ entry }, { locals }) => {
	const status = await removeProposalPerson(locals.supabase, entry);
	if (status !== 'ok') error(404, m.ui_not_found());
	return { done: m.proposals_removed() };
});
