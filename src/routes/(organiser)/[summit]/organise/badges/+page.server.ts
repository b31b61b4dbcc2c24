import { badgeQuery } from '#lib/badges/list.ts';
import { listBadges, reissueBadge, type Reissued } from '#lib/badges/server/badges.ts';
import { id, requiredText } from '#lib/forms/fields.ts';
import { parseForm, withIssue } from '#lib/forms/parse.ts';
import { error, fail } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

const size = 50;

export const load: PageServerLoad = async ({ locals: { summit, supabase }, url }) => {
	if (!summit) error(404);
	const query = badgeQuery(url.searchParams);
	const list = await listBadges(supabase, summit.id, query, size);
	if (!list) error(403);
	return { query, list, size };
};

const refusals: Record<Exclude<Reissued['status'], 'ok'>, string> = {
	changed: 'Somebody else has just given this person a new badge. Look at the list again before you go on.',
	no_badge: 'This registration has no badge any more: it is not confirmed in person.',
	reason_needed: 'Say why the old badge is taken back.',
	not_allowed: 'This takes the role of registration.'
};

export const actions: Actions = {
	replace: async ({ locals: { summit, supabase }, request }) => {
		if (!summit) error(404);
		const schema = v.object({ registration: id(), badge: id(), reason: requiredText(200) });
		const parsed = parseForm(await request.formData(), schema, 'replace');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const { registration, badge, reason } = parsed.output;
		const { status } = await reissueBadge(supabase, registration, badge, reason);
		if (status === 'ok') return { replaced: registration };
		return fail(409, { form: withIssue(parsed.form, '', refusals[status]) });
	}
};
