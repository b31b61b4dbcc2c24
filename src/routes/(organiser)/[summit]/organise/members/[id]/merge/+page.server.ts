import type { RefusalOf } from '#lib/database/calls.ts';
import { checkbox, id, requiredLines } from '#lib/forms/fields.ts';
import { isId } from '#lib/forms/ids.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { holdsRole } from '#lib/accounts/viewer.ts';
import { memberQuery } from '#lib/members/registry.ts';
import { mergeMembers, previewMerge, readMember } from '#lib/members/server/member.ts';
import { listMembers } from '#lib/members/server/members.ts';
import { error, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

const schema = v.object({
	keep: id(),
	duplicate: id(),
	as_exception: checkbox(),
	reason: requiredLines(500, () => m.members_reason_missing())
});
// The longest word of a name finds records whose other words differ.
function guess(name: string): string {
	return name.split(/\s+/).reduce((longest, word) => (word.length > longest.length ? word : longest), '');
}

export const load: PageServerLoad = async ({ locals, params, url }) => {
	const { summit } = locals;
	if (!holdsRole(locals.viewer, summit.id, 'registration')) error(403);
	const member = await readMember(locals.supabase, summit.id, params.id);
	if (!member) error(404, m.ui_not_found());
	if ('moved_to' in member) redirect(303, href(`/${params.summit}/organise/members/${member.moved_to}`));
	const other = url.searchParams.get('with');
	const turned = url.searchParams.get('keep') === 'other';
	const text = url.searchParams.get('q') ?? guess(member.name);
	const query = { ...memberQuery(new URLSearchParams()), q: text.slice(0, 100) };
	const list = await listMembers(locals.supabase, summit.id, query, 20);
	const preview =
		other && isId(other)
			? await previewMerge(locals.supabase, turned ? other : member.id, turned ? member.id : other)
			: null;
	return {
		member: { id: member.id, name: member.name },
		query: text,
		found: (list?.members ?? []).filter(({ id }) => id !== member.id),
		other,
		turned,
		preview
	};
};

const refusals: Record<RefusalOf<'merge_members'>, () => string> = {
	exceeds: m.members_merge_exceeds,
	stranded: m.members_merge_stranded,
	conflict: m.members_merge_conflict,
	unknown: m.members_merge_unknown,
	not_allowed: m.members_merge_not_allowed,
	same: m.members_nothing_changed,
	reason_needed: m.members_nothing_changed
};

export const actions: Actions = {
	default: formAction(schema, async ({ keep, duplicate, reason, as_exception }, { locals, params }) => {
		const { status } = await mergeMembers(locals.supabase, keep, duplicate, reason, as_exception);
		if (status === 'ok') return `/${params.summit}/organise/members/${keep}?done=merged`;
		const field = status === 'exceeds' ? 'as_exception' : '';
		return refuse(field, refusals[status]());
	})
};
