import { itemsOf } from '#lib/agenda/checks/facts.ts';
import { readSessionNeeds, saveSessionNeeds } from '#lib/agenda/server/checks.ts';
import { readDraftSession } from '#lib/agenda/server/draft.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { checkbox, optionalText, wholeNumber } from '#lib/forms/fields.ts';
import { isId } from '#lib/forms/ids.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
	const session = await readDraftSession(locals.supabase, params.session);
	if (!session) error(404, m.ui_not_found());
	return { session, needs: await readSessionNeeds(locals.supabase, session.id) };
};

const schema = v.object({
	expected: v.optional(v.union([v.literal(''), wholeNumber(0, 100_000)]), ''),
	needs_step_free: checkbox(),
	needs_hearing_loop: checkbox(),
	equipment: optionalText(1000)
});

export const actions: Actions = {
	default: formAction(schema, async ({ expected, equipment, ...access }, { locals, params }) => {
		const needs = { ...access, expected: expected === '' ? null : expected, equipment: itemsOf(equipment) };
		const status = isId(params.session)
			? await saveSessionNeeds(locals.supabase, params.session, needs)
			: 'not_allowed';
		return byStatus(status, {
			ok: () => `/${params.summit}/organise/agenda/${params.session}/move`,
			invalid: () => refuse('equipment', 'A session needs at most thirty things.'),
			not_allowed: notFound
		});
	})
};
