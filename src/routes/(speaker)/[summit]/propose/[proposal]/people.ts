import { checkbox, id, mailAddress, requiredText } from '#lib/forms/fields.ts';
import { parseForm, withIssue } from '#lib/forms/parse.ts';
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
import { error, fail } from '@sveltejs/kit';
import * as v from 'valibot';

const invitation = v.object({
	display_name: requiredText(120),
	address: mailAddress(),
	role: v.picklist(partRoles),
	locale: v.picklist(locales),
	is_author: checkbox()
});
const which = v.object({ entry: id() });

/** Invites a person to a proposal by mail. */
export async function invitePerson({ supabase }: App.Locals, proposal: string, data: FormData) {
	const parsed = parseForm(data, invitation, 'invite');
	if (!parsed.ok) return fail(422, { form: parsed.form });
	const { address, locale, ...values } = parsed.output;
	const letter = sealLetter(address, '', locale);
	const status = await inviteToProposal(supabase, { proposal, ...values, letter });
	if (status === 'ok') return { done: m.proposals_invited() };
	if (status === 'not_found') error(404, m.ui_not_found());
	const [path, words] =
		status === 'already'
			? ['address', m.proposals_invite_already()]
			: ['', status === 'limited' ? m.proposals_invite_limited() : m.proposals_is_closed()];
	return fail(409, { form: withIssue(parsed.form, path, words) });
}

/** Sends a new link to the same address, which ends the former one. */
export async function invitePersonAgain({ supabase }: App.Locals, data: FormData) {
	const parsed = parseForm(data, which, 'invite');
	if (!parsed.ok) return fail(422, { form: parsed.form });
	const { entry } = parsed.output;
	const to = await addressOfInvitation(supabase, entry);
	if (!to) error(404, m.ui_not_found());
	const letter = sealLetter(to.address, '', isLocale(to.locale) ? to.locale : 'en');
	const status = await resendProposalLetter(supabase, entry, letter);
	if (status === 'ok') return { done: m.proposals_invited() };
	return fail(409, { form: withIssue(parsed.form, '', m.proposals_invite_limited()) });
}

/** Removes a person, or withdraws an invitation. */
export async function removePerson({ supabase }: App.Locals, data: FormData) {
	const parsed = parseForm(data, which, 'invite');
	if (!parsed.ok) return fail(422, { form: parsed.form });
	const status = await removeProposalPerson(supabase, parsed.output.entry);
	if (status !== 'ok') error(404, m.ui_not_found());
	return { done: m.proposals_removed() };
}
