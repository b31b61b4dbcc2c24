import { checkbox, id, mailAddress, requiredText } from '#lib/forms/fields.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
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
	if (status === 'ok') return { done: m.proposals_invited() };
	if (status === 'not_found') error(404, m.ui_not_found());
	if (status === 'already') return refuse('address', m.proposals_invite_already());
	return refuse('', status === 'limited' ? m.proposals_invite_limited() : m.proposals_is_closed());
});

/** Sends a new link to the same address, which ends the former one. */
export const invitePersonAgain = formAction('invite', which, async ({ entry }, { locals }) => {
	const { supabase } = locals;
	const to = await addressOfInvitation(supabase, entry);
	if (!to) error(404, m.ui_not_found());
	const letter = sealLetter(to.address, '', isLocale(to.locale) ? to.locale : 'en');
	const status = await resendProposalLetter(supabase, entry, letter);
	if (status === 'ok') return { done: m.proposals_invited() };
	return refuse('', m.proposals_invite_limited());
});

/** Removes a person, or withdraws an invitation. */
export const removePerson = formAction('invite', which, async ({ entry }, { locals }) => {
	const status = await removeProposalPerson(locals.supabase, entry);
	if (status !== 'ok') error(404, m.ui_not_found());
	return { done: m.proposals_removed() };
});
