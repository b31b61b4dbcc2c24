import {
	inviteToSession,
	inviteToTakeOver,
	listInvitations,
	withdrawInvitation
} from '#lib/accounts/server/role-invitations.ts';
import { findPeople } from '#lib/accounts/server/roles.ts';
import { participationWords, sessionRoles } from '#lib/agenda/draft.ts';
import {
	addSessionPerson,
	addToAudience,
	changeSessionPerson,
	readOrigins,
	removeFromAudience,
	removeSessionPerson
} from '#lib/agenda/server/draft.ts';
import type { RefusalOf } from '#lib/database/calls.ts';
import { id, mailAddress, requiredText } from '#lib/forms/fields.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { href } from '#lib/i18n/locale.ts';
import { searchMembers } from '#lib/members/server/members.ts';
import { fail, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
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
		invitations: await listInvitations(locals.supabase, summit.id, session.id),
		found: await findPeople(locals.supabase, summit.id, query),
		who,
		listable: await findListable(locals.supabase, summit.id, who)
	};
};

// Members first, because they are most often meant.
async function findListable(client: App.Locals['supabase'], summit: string, query: string) {
	if (query.length < 2) return [];
	const [{ members }, people] = await Promise.all([
		searchMembers(client, summit, query),
		findPeople(client, summit, query)
	]);
	return [
		...members.map(({ id, name }) => ({ value: `member:${id}`, label: name, hint: 'Member' })),
		...people.map((one) => ({
			value: `person:${one.id}`,
			label: one.display_name,
			hint: ['Person', one.office, one.affiliation].filter(Boolean).join(', ')
		}))
	];
}

const role = v.picklist(
	sessionRoles.map(({ value }) => value),
	'Choose a role.'
);
const answer = v.picklist(participationWords.map(({ value }) => value));

type Refused = RefusalOf<
	| 'add_session_person'
	| 'change_session_person'
	| 'remove_session_person'
	| 'invite_to_session'
	| 'invite_to_claim_part'
	| 'add_to_audience'
	| 'remove_from_audience'
>;
const gone = 'This cannot be done here any more.';
const refusals: Record<Refused | 'already_listed', string> = {
	already: 'This person has that role in the session already.',
	already_listed: 'The list has this name already.',
	claimed: 'They have an account by now, and name their assistants themselves.',
	limited: 'That is enough invitations for a day.',
	invalid: 'Nobody can be invited with this name and address.',
	not_allowed: gone,
	unknown: gone,
	unknown_person: gone
};
const refused = (status: keyof typeof refusals) => refuse('', refusals[status]);

const addSchema = v.object({ role, person: v.pipe(v.string('Choose a person.'), v.uuid()) });
const inviteSchema = v.object({ invited_role: role, address: mailAddress(), display_name: requiredText(120) });

const takeOverSchema = v.object({
	entry: v.pipe(v.string('Choose somebody.'), v.uuid('Choose somebody.')),
	by: v.picklist(['self', 'assistant']),
	to: mailAddress()
});

const listSchema = v.object({
	listed: v.pipe(
		v.string('Choose a member or a person.'),
		v.regex(/^(member|person):[0-9a-f-]{36}$/, 'Choose a member or a person.')
	)
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
	answer: formAction('answer', answerSchema, async ({ id: entry, answer: word }, { locals, params }) => {
		const status =
			word === 'remove'
				? await removeSessionPerson(locals.supabase, entry)
				: await changeSessionPerson(locals.supabase, entry, word);
		if (status !== 'ok') return refused(status);
		return `/${params.summit}/organise/agenda/${params.session}?done=person#people`;
	})
};
