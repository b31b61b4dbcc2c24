import {
	addDefaultFields,
	moveLogisticsField,
	readLogisticsOverview,
	retireLogisticsField,
	setBadgeQuestion
} from '#lib/logistics/server/overview.ts';
import { holdsRole } from '#lib/accounts/viewer.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { id } from '#lib/forms/fields.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { number } from '#lib/i18n/time.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

/** What copying from another Summit did, in whole or in part; null where nothing was copied just now. */
function copiedWords(search: URLSearchParams): { done: string } | { partial: string } | null {
	const countOf = (name: string) => Math.max(0, Number(search.get(name)) || 0);
	const [copied, skipped] = [countOf('copied'), countOf('skipped')];
	if (copied + skipped === 0) return null;
	return skipped > 0
		? { partial: m.logistics_copy_done_some({ copied: number(copied), skipped: number(skipped) }) }
		: { done: m.logistics_copy_done({ copied: number(copied) }) };
}

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit, supabase } = locals;
	const overview = await readLogisticsOverview(supabase, summit.id);
	if (!overview) error(403, m.ui_forbidden());
	return {
		fields: overview.fields,
		mayChange: overview.may_change,
		choosesBadgeLine: holdsRole(locals.viewer, summit.id, 'owner'),
		result:
			url.searchParams.get('done') === 'saved' ? { done: m.logistics_field_saved() } : copiedWords(url.searchParams)
	};
};

export const actions: Actions = {
	usual: async ({ locals }) => {
		const { summit, supabase } = locals;
		const overview = await readLogisticsOverview(supabase, summit.id);
		if (!overview?.may_change) error(403, m.ui_forbidden());
		const added = await addDefaultFields(supabase, summit.id, overview.fields);
		return { done: added === 0 ? m.logistics_fields_all_there() : m.logistics_fields_added({ count: added }) };
	},
	badge: formAction('badge', v.object({ field: v.union([v.literal(''), id()]) }), async ({ field }, { locals }) => {
		const status = await setBadgeQuestion(locals.supabase, locals.summit.id, field || null);
		return byStatus(status, {
			ok: () => ({ done: m.logistics_badge_line_saved() }),
			answered: () => refuse('', m.logistics_badge_line_answered()),
			unsuitable: () => refuse('', m.logistics_badge_line_unsuitable()),
			not_allowed: () => error(403, m.ui_forbidden())
		});
	}),
	retire: formAction('retire', v.object({ field: id() }), async ({ field }, { locals }) => {
		const { summit, supabase } = locals;
		const status = await retireLogisticsField(supabase, summit.id, field);
		return byStatus(status, {
			ok: () => ({ done: m.logistics_field_retired() }),
			not_found: () => ({ done: m.logistics_field_gone() }),
			needed: () => refuse('', m.logistics_promise_needed())
		});
	}),
	move: formAction(
		'move',
		v.object({ field: id(), to: v.picklist(['up', 'down']) }),
		async ({ field, to }, { locals }) => {
			const { summit, supabase } = locals;
			const status = await moveLogisticsField(supabase, summit.id, field, to === 'up');
			return { done: status === 'ok' ? m.logistics_field_moved() : m.logistics_field_gone() };
		}
	)
};
