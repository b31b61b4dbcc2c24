import { byStatus } from '#lib/database/by-status.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { id, mailAddress, requiredText } from '#lib/forms/fields.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { groupPersonSchema, groupTermFields } from '#lib/groups/group.ts';
import { inviteToGroup, readLedGroup } from '#lib/groups/server/groups.ts';
import { m } from '#lib/i18n/messages.ts';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params, url }) => ({
	group: await readLedGroup(locals.supabase, params.group),
	done: url.searchParams.get('done') ?? ''
});

const page = (group: string | undefined, done: string) => `/community/groups/${group ?? ''}/people?done=${done}`;

const inviteSchema = v.pipe(
	v.object({ address: mailAddress(), display_name: requiredText(120), ...groupTermFields }),
	v.forward(
		v.check(
			({ part, alternate_of }) => part === 'alternate' || alternate_of === '',
			() => m.groups_only_alternates()
		),
		['alternate_of']
	)
);
const decideSchema = v.object({ request: id(), answer: v.picklist(['accept', 'decline']) });
// One form changes the part of a person, or ends it.
const personForm = (_: unknown, data: FormData) => ({
	schema: groupPersonSchema,
	name: `person-${String(data.get('entry'))}`
});

// Who is no alternate any more stands in for nobody.
const termOf = ({ part, member, until, alternate_of }: Omit<v.InferOutput<typeof groupPersonSchema>, 'entry'>) => ({
	part,
	member: member || null,
	until: until || null,
	alternate_of: part === 'alternate' ? alternate_of || null : null
});

export const actions: Actions = {
	invite: formAction('invite', inviteSchema, async (input, { locals, params }) => {
		const { address, display_name, ...offered } = input;
		const offer = termOf(offered);
		return byStatus(await inviteToGroup(locals.supabase, params.group, offer, address, display_name), {
			ok: () => page(params.group, 'invited'),
			not_allowed: notFound,
			invalid: () => refuse('', m.ui_form_wrong(), 422),
			limited: () => refuse('', m.groups_invite_limited(), 429)
		});
	}),
	withdraw: formAction('withdraw', v.object({ invitation: id() }), async ({ invitation }, { locals, params }) => {
		// One that was answered meanwhile is no longer open either.
		await rpc(locals.supabase, 'withdraw_group_invitation', { invitation });
		return page(params.group, 'saved');
	}),
	decide: formAction('decide', decideSchema, async ({ request, answer }, { locals, params }) =>
		byStatus(await rpc(locals.supabase, 'decide_join_request', { request, accept: answer === 'accept' }), {
			ok: () => page(params.group, 'saved'),
			already: () => refuse('', m.groups_decided_before()),
			not_found: notFound
		})
	),
	person: formAction(personForm, async ({ entry, ...changed }, { locals, params }) => {
		return byStatus(await rpc(locals.supabase, 'change_group_person', { entry, fields: termOf(changed) }), {
			ok: () => page(params.group, 'saved'),
			not_found: notFound,
			invalid: () => refuse('', m.ui_form_wrong(), 422),
			last_leader: () => refuse('', m.groups_last_leader())
		});
	}),
	end: formAction('end', v.object({ entry: id() }), async ({ entry }, { locals, params }) =>
		byStatus(await rpc(locals.supabase, 'end_group_person', { entry }), {
			ok: () => page(params.group, 'saved'),
			not_found: notFound,
			invalid: notFound,
			last_leader: () => refuse('', m.groups_last_leader())
		})
	)
};
