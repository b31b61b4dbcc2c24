import { deputyValue, roleValues } from '#lib/accounts/roles.ts';
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
import { m } from '#lib/i18n/messages.ts';
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

const role = v.picklist(roleValues, () => m.accounts_roles_role_missing());
const scope = v.optional(v.picklist(['summit', 'all']), 'summit');

// What the community does belongs to no Summit.
const isForAll = (chosen: string, where: 'summit' | 'all') => where === 'all' || chosen === 'community';

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
const refusals: Record<Refused, () => string> = {
	already: m.accounts_roles_already,
	already_proposed: m.accounts_roles_already_proposed,
	not_allowed: m.accounts_roles_not_allowed,
	unknown_person: m.accounts_roles_unknown,
	own: m.accounts_roles_own,
	no_second: m.accounts_roles_no_second,
	lapsed: m.accounts_roles_lapsed,
	not_found: m.accounts_roles_answered,
	invalid: m.accounts_roles_invalid,
	limited: m.accounts_roles_limited,
	none: m.accounts_roles_no_passkey,
	last_owner: m.accounts_roles_last_owner
};

const refused = (status: Refused) => refuse('', refusals[status]());
const page = (params: { summit: string }, done: string) => `/${params.summit}/organise/roles?done=${done}`;

const enterDay = () => m.accounts_roles_day_missing();
const lastDay = v.optional(v.union([v.literal(''), v.pipe(v.string(), v.isoDate(enterDay))], enterDay), '');

const grantSchema = v.object({
	role: v.picklist([...roleValues, deputyValue], () => m.accounts_roles_role_missing()),
	scope,
	until: lastDay,
	person: v.pipe(
		v.string(() => m.accounts_roles_person_missing()),
		v.uuid()
	)
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
		const where = { summit: summit.id, isForAll: isForAll(chosen, scope), until: endOfDay(until, summit.zone) };
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
		const where = { summit: summit.id, isForAll: isForAll(invited_role, invited_scope), until };
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
