import { badgeQuery } from '#lib/badges/list.ts';
import { listBadges, reissueBadge, type Reissued } from '#lib/badges/server/badges.ts';
import { id, requiredLines } from '#lib/forms/fields.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

const size = 50;

export const load: PageServerLoad = async ({ locals: { summit, supabase }, url }) => {
	const query = badgeQuery(url.searchParams);
	const list = await listBadges(supabase, summit.id, query, size);
	if (!list) error(403);
	return { query, list, size };
};

const refusals: Record<Exclude<Reissued['status'], 'ok'>, () => string> = {
	changed: m.badges_refused_changed,
	no_badge: m.badges_refused_no_badge,
	reason_needed: m.badges_refused_reason,
	not_allowed: m.badges_refused_role
};

const replaceSchema = v.object({ registration: id(), badge: id(), reason: requiredLines(200) });

export const actions: Actions = {
	replace: formAction('replace', replaceSchema, async (input, { locals: { supabase } }) => {
		const { registration, badge, reason } = input;
		const { status } = await reissueBadge(supabase, registration, badge, reason);
		if (status === 'ok') return { replaced: registration };
		return refuse('', refusals[status]());
	})
};
