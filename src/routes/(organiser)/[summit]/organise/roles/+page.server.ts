import { deputyOption, roleValues } from '#lib/accounts/roles.ts';
import { inviteToRole, listInvitations, withdrawInvitation } from '#lib/accounts/server/role-invitations.ts';
import {
	confirmRoleProposal,
	endRole,
	findPeople,
	grantRole,
	listRoleProposals,
	listRoles,
	nameDeputy,
	refuseRoleProposal
} from '#lib/accounts/server/roles.ts';
import { concernsWithoutReader } from '#lib/safeguarding/server/concerns.ts';
import { forgetViewers } from '#lib/accounts/server/viewers.ts';
import { holdsRole } from '#lib/accounts/viewer.ts';
import type { RefusalOf } from '#lib/database/calls.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { id, mailAddress, requiredText } from '#lib/forms/fields.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { endOfDay } from '#lib/summits/local-time.ts';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit } = locals;
	const query = (url.searchParams.get('q') ?? '').slice(0, 100);
	const [grants, proposals, invitations, found, unreadConcerns] = await Promise.all([
		listRoles(locals.supabase, summit.id),
		listRoleProposals(locals.supabase, summit.id),
		listInvitations(locals.supabase, summit.id),
		findPeople(locals.supabase, summit.id, query),
		concernsWithoutReader(locals.supabase, summit.id)
	]);
	return {
		query,
		grants,
		proposals,
		invitations,
		found,
		unreadConcerns,
		mayGrant: holdsRole(locals.viewer, summit.id, 'owner'),
		mayGrantForAll: holdsRole(locals.viewer, null, 'owner')
	};
};

const role = v.picklist(roleValues, 'Choose a role.');
const scope = v.optional(v.picklist(['summit', 'all']), 'summit');

type Refused = Exclude<
	RefusalOf<
		| 'grant_role'
		| 'name_concern_deputy'
		| 'invite_to_role'
		| 'confirm_role_proposal'
		| 'refuse_role_proposal'
		| 'end_role'
		| 'reset_passkeys'
	>,
	'proposed'
>;
const refusals: Record<Refused, string> = {
	already: 'This person holds the role already.',
	already_proposed: 'This person is proposed for the role already.',
	not_allowed: 'Only an owner grants roles; a safeguarding lead or another owner confirms them.',
	unknown_person: 'This person is not known any more.',
	own: 'Nobody proposes or confirms a role for themselves, and nobody confirms their own proposal.',
	no_second:
		'Nobody else can confirm this role at present. Name another owner first. An owner whose role was ended counts for 14 days more.',
	lapsed: 'The owner who proposed it no longer is one. Propose it again.',
	not_found: 'This proposal was answered already, or has expired.',
	invalid: 'This cannot be written down so. A last day lies ahead.',
	limited: 'That is enough invitations for a day.',
	none: 'This person has no passkey any more.',
	last_owner: 'There must be an owner for all Summits, without a last day, who can sign in: name another one first.'
};

const refused = (status: Refused) => refuse('', refusals[status]);
const page = (params: { summit: string }, done: string) => `/${params.summit}/organise/roles?done=${done}`;

const lastDay = v.optional(v.union([v.literal(''), v.pipe(v.string(), v.isoDate('Enter a day.'))], 'Enter a day.'), '');

const grantSchema = v.object({
	role: v.picklist([...roleValues, deputyOption.value], 'Choose a role.'),
	scope,
	until: lastDay,
	person: v.pipe(v.string('Choose a person.'), v.uuid())
});

const inviteSchema = v.object({
	invited_role: role,
	invited_scope: scope,
	invited_until: lastDay,
	address: mailAddress(),
	display_name: requiredText(120)
});

export const actions: Actions = {
	grant: formAction('grant', grantSchema, async ({ role: chosen, scope, person, until }, { locals, params }) => {
		const { summit } = locals;
		const where = { summit: summit.id, isForAll: scope === 'all', until: endOfDay(until, summit.zone) };
		const status =
			chosen === 'deputy'
				? await nameDeputy(locals.supabase, person, summit.id)
				: await grantRole(locals.supabase, person, chosen, where);
		if (status !== 'ok' && status !== 'proposed') return refused(status);
		return page(params, status === 'ok' ? 'granted' : 'proposed');
	}),
	invite: formAction('invite', inviteSchema, async (input, { locals, params }) => {
		const { address, display_name, invited_role, invited_scope, invited_until } = input;
		const { summit } = locals;
		const until = endOfDay(invited_until, summit.zone);
		const where = { summit: summit.id, isForAll: invited_scope === 'all', until };
		const status = await inviteToRole(locals.supabase, where, invited_role, address, display_name);
		if (status !== 'ok' && status !== 'proposed') return refused(status);
		return page(params, status === 'ok' ? 'invited' : 'proposed');
	}),
	confirm: formAction('confirm', v.object({ id: id() }), async ({ id }, { locals, params }) => {
		const status = await confirmRoleProposal(locals.supabase, id);
		if (status !== 'ok') return refused(status);
		return page(params, 'confirmed');
	}),
	refuse: formAction('refuse', v.object({ id: id() }), async ({ id }, { locals, params }) => {
		const status = await refuseRoleProposal(locals.supabase, id);
		if (status !== 'ok') return refused(status);
		return page(params, 'refused');
	}),
	withdraw: formAction('withdraw', v.object({ id: id() }), async ({ id }, { locals, params }) => {
		// Somebody may have answered meanwhile; in either case the offer is no longer open.
		await withdrawInvitation(locals.supabase, id);
		return page(params, 'withdrawn');
	}),
	reset: formAction('reset', v.object({ person: id() }), async ({ person }, { locals, params }) => {
		const status = await rpc(locals.supabase, 'reset_passkeys', { person, via: locals.summit.id });
		forgetViewers();
		if (status !== 'ok') return refused(status);
		return page(params, 'reset');
	}),
	end: formAction('end', v.object({ id: id() }), async ({ id }, { locals, params }) => {
		const status = await endRole(locals.supabase, id);
		if (status !== 'ok') return refused(status);
		return page(params, 'ended');
	})
};
