import { byStatus } from '#lib/database/by-status.ts';
import { requiredLines, requiredText } from '#lib/forms/fields.ts';
import { formActionsAbout, refuse } from '#lib/forms/server/action.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { sectors } from '#lib/members/member.ts';
import { sortedCountries } from '#lib/members/server/countries.ts';
import { addMember, listMemberRequests, searchMembers } from '#lib/members/server/members.ts';
import { linkMemberRequest, refuseMemberRequest } from '#lib/registration/server/accreditation.ts';
import { error, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

const linking = v.object({ member: v.pipe(v.string(m.members_member_missing), v.uuid(m.members_member_missing)) });
const adding = v.object({
	name: requiredText(200),
	sector: v.picklist(sectors, m.registration_member_sector_missing),
	country: v.pipe(v.string(), v.regex(/^[A-Z]{2}$/, m.members_country_missing))
});
const refusing = v.object({ reason: requiredLines(500, () => m.registration_delegation_withdraw_reason_missing()) });

async function requestOf(locals: App.Locals, request: string) {
	const found = (await listMemberRequests(locals.supabase, locals.summit.id)).find((each) => each.id === request);
	if (!found) error(404, m.ui_not_found());
	return { request: found, summit: locals.summit.id, supabase: locals.supabase };
}

// The longest word of the text finds a member that was only misspelled.
function guess(name: string): string {
	return name.split(/\s+/).reduce((longest, word) => (word.length > longest.length ? word : longest), '');
}

export const load: PageServerLoad = async ({ locals, params, url }) => {
	const { request, summit, supabase } = await requestOf(locals, params.id);
	const query = (url.searchParams.get('q') ?? guess(request.name)).slice(0, 100);
	return { request, query, found: await searchMembers(supabase, summit, query, 12), countries: sortedCountries() };
};

function back(slug: string, done: string): never {
	redirect(303, href(`/${slug}/organise/members?done=${done}`));
}

const about = formActionsAbout(({ locals, params }: RequestEvent) => requestOf(locals, params.id));

export const actions: Actions = {
	link: about('link', linking, async ({ member }, { params }, _, { supabase }) => {
		const status = await linkMemberRequest(supabase, params.id, member);
		const changed = () => refuse('member', m.members_request_changed());
		return byStatus(status, {
			ok: () => back(params.summit, 'linked'),
			wrong_state: changed,
			unknown_member: changed,
			not_allowed: changed
		});
	}),
	add: about('add', adding, async (input, { params }, _, { supabase, summit }) => {
		const added = await addMember(supabase, summit, input);
		const link = async ({ id }: { id: string }) => {
			const changed = () => refuse('', m.members_request_added_changed());
			return byStatus(await linkMemberRequest(supabase, params.id, id), {
				ok: () => back(params.summit, 'linked'),
				wrong_state: changed,
				unknown_member: changed,
				not_allowed: changed
			});
		};
		return byStatus(added, {
			ok: link,
			exists: link,
			invalid: () => refuse('name', m.members_request_name_wrong(), 422),
			not_allowed: () => refuse('', m.members_request_not_allowed())
		});
	}),
	refuse: about('refuse', refusing, async ({ reason }, { params }, _, { supabase }) => {
		const status = await refuseMemberRequest(supabase, params.id, reason);
		const nothing = () => refuse('', m.members_request_nothing());
		const second = () => refuse('', m.members_request_second());
		return byStatus(status, {
			ok: () => back(params.summit, 'refused'),
			proposed: second,
			proposal_open: second,
			reason_needed: nothing,
			wrong_state: nothing,
			not_allowed: nothing
		});
	})
};
