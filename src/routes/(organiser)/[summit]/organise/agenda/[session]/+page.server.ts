import { m } from '#lib/i18n/messages.ts';
import {
	inviteToSession,
	inviteToTakeOver,
	listInvitations,
	withdrawInvitation
} from '#lib/accounts/server/role-invitations.ts';
import { findPeople } from '#lib/accounts/server/roles.ts';
import { participationStates, sessionRoles } from '#lib/agenda/draft.ts';
import {
	addSessionPerson,
	addToAudience,
	changeSessionPerson,
	readOrigins,
	readSessionGroups,
	removeFromAudience,
	removeSessionPerson
} from '#lib/agenda/server/draft.ts';
import {
	chooseSessionGroup,
	sessionGroupFields,
	leaveSessionGroup,
	leaveSessionGroups
} from '#lib/agenda/server/session-groups.ts';
import { hasKeptCaptions } from '#lib/captions/server/captions.ts';
import type { RefusalOf } from '#lib/database/calls.ts';
import { id, mailAddress, requiredText } from '#lib/forms/fields.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { href } from '#lib/i18n/locale.ts';
import { fail, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import { findListable } from '../listable.ts';
import { saveSessionForm } from '../save.ts';
import { requireSession } from './require-session.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params, url }) => {
	const { summit, session } = await requireSession(locals, params);
	const { rooms, tracks, formats, languages } = summit;
	const query = (url.searchParams.get('q') ?? '').slice(0, 100);
	const who = (url.searchParams.get('who') ?? '').trim().slice(0, 100);
	return {
		session,
		rooms,
		tracks,
		formats,
		languages,
		query,
		origins: await readOrigins(locals.supabase, session.id),
		groups: await readSessionGroups(locals.supabase, session.id),
		hasTranscript: await hasKeptCaptions(locals.supabase, session.id),
		invitations: await listInvitations(locals.supabase, summit.id, session.id),
		found: await findPeople(locals.supabase, summit.id, query),
		who,
		listable: await findListable(locals.supabase, summit.id, who)
	};
};

const role = v.picklist(sessionRoles, () => m.agenda_choose_role());
const answer = v.picklist(participationStates);

type Refused = RefusalOf<
	| 'add_session_person'
	| 'change_session_person'
	| 'remove_session_person'
	| 'invite_to_session'
	| 'invite_to_claim_part'
	| 'add_to_audience'
	| 'remove_from_audience'
>;
const gone = m.agenda_session_gone;
const refusals: Record<Refused | 'already_listed', () => string> = {
	already: m.agenda_session_role_held,
	already_listed: m.agenda_session_listed_already,
	claimed: m.agenda_session_claimed,
	limited: m.agenda_session_limited,
	invalid: m.agenda_session_invalid,
	not_allowed: gone,
	unknown: gone,
	unknown_person: gone
};
const refused = (status: keyof typeof refusals) => refuse('', refusals[status]());

const chooseSomebody = () => m.agenda_choose_somebody();
const chooseListed = () => m.agenda_choose_listed();

const addSchema = v.object({
	role,
	person: v.pipe(
		v.string(() => m.agenda_choose_person()),
		v.uuid()
	)
});
const inviteSchema = v.object({ invited_role: role, address: mailAddress(), display_name: requiredText(120) });

const takeOverSchema = v.object({
	entry: v.pipe(v.string(chooseSomebody), v.uuid(chooseSomebody)),
	by: v.picklist(['self', 'assistant']),
	to: mailAddress()
});

const listSchema = v.object({
	listed: v.pipe(v.string(chooseListed), v.regex(/^(member|person):[0-9a-f-]{36}$/, chooseListed))
});

const answerSchema = v.object({ id: id(), answer: v.union([answer, v.literal('remove')]) });

export const actions: Actions = {
	save: async ({ locals, params, request }) => {
		const { summit, session } = await requireSession(locals, params);
		const saved = await saveSessionForm(locals, summit, await request.formData(), session);
		if (!saved.ok) return fail(saved.status, { form: saved.form });
		redirect(303, href(`/${params.summit}/organise/agenda/${session.id}?done=saved`));
	},
	add: formAction('add', addSchema, async ({ person, role }, { locals, params }) => {
		const status = await addSessionPerson(locals.supabase, params.session, person, role);
		if (status !== 'ok') return refused(status);
		return `/${params.summit}/organise/agenda/${params.session}?done=person#people`;
	}),
	invite: formAction('invite', inviteSchema, async (input, { locals, params }) => {
		const { address, display_name, invited_role } = input;
		await requireSession(locals, params);
		const status = await inviteToSession(locals.supabase, params.session, invited_role, address, display_name);
		if (status !== 'ok') return refused(status);
		return `/${params.summit}/organise/agenda/${params.session}?done=invited#people`;
	}),
	takeOver: formAction('takeOver', takeOverSchema, async ({ entry, by, to }, { locals, params }) => {
		await requireSession(locals, params);
		const status = await inviteToTakeOver(locals.supabase, entry, to, by === 'assistant');
		if (status !== 'ok') return refused(status);
		return `/${params.summit}/organise/agenda/${params.session}?done=letter#people`;
	}),
	withdraw: formAction('withdraw', v.object({ id: id() }), async ({ id }, { locals, params }) => {
		// Somebody may have answered meanwhile; in either case the offer is no longer open.
		await withdrawInvitation(locals.supabase, id);
		return `/${params.summit}/organise/agenda/${params.session}?done=person#people`;
	}),
	list: formAction('list', listSchema, async ({ listed }, { locals, params }) => {
		const [kind, chosen = ''] = listed.split(':');
		const status = await addToAudience(locals.supabase, params.session, {
			person: kind === 'person' ? chosen : null,
			member: kind === 'member' ? chosen : null
		});
		if (status !== 'ok') return refused(status === 'already' ? 'already_listed' : status);
		return `/${params.summit}/organise/agenda/${params.session}?done=listed#listed`;
	}),
	unlist: formAction('unlist', v.object({ id: id() }), async ({ id }, { locals, params }) => {
		const status = await removeFromAudience(locals.supabase, id);
		if (status !== 'ok') return refused(status);
		return `/${params.summit}/organise/agenda/${params.session}?done=listed#listed`;
	}),
	chooseGroup: formAction('chooseGroup', v.object(sessionGroupFields), async ({ group }, { locals, params }) => {
		await requireSession(locals, params);
		const refusal = await chooseSessionGroup(locals.supabase, params.session, group);
		return refusal ?? `/${params.summit}/organise/agenda/${params.session}?done=group#groups`;
	}),
	leaveGroup: formAction('leaveGroup', v.object(sessionGroupFields), async ({ group }, { locals, params }) => {
		await requireSession(locals, params);
		await leaveSessionGroup(locals.supabase, params.session, group);
		return `/${params.summit}/organise/agenda/${params.session}?done=groupless#groups`;
	}),
	leaveGroups: formAction('leaveGroups', v.object({}), async (_input, { locals, params }) => {
		await requireSession(locals, params);
		const refusal = await leaveSessionGroups(locals.supabase, params.session);
		return refusal ?? `/${params.summit}/organise/agenda/${params.session}?done=groupsless#groups`;
	}),
	answer: formAction('answer', answerSchema, async ({ id: entry, answer: word }, { locals, params }) => {
		const status =
			word === 'remove'
				? await removeSessionPerson(locals.supabase, entry)
				: await changeSessionPerson(locals.supabase, entry, word);
		if (status !== 'ok') return refused(status);
		return `/${params.summit}/organise/agenda/${params.session}?done=person#people`;
	})
};
