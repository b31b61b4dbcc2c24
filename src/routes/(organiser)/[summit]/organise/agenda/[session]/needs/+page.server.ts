import { needsFields, needsFrom } from '#lib/agenda/checks/needs-form.ts';
import { readSessionNeeds, saveSessionNeeds } from '#lib/agenda/server/checks.ts';
import { readDraftSession } from '#lib/agenda/server/draft.ts';
import { byStatus } from '#lib/database/by-status.ts';
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

export const actions: Actions = {
	default: formAction(v.object(needsFields), async (input, { locals, params }) => {
		const status = isId(params.session)
			? await saveSessionNeeds(locals.supabase, params.session, needsFrom(input))
			: 'not_allowed';
		return byStatus(status, {
			ok: () => `/${params.summit}/organise/agenda/${params.session}/move`,
			invalid: () => refuse('equipment', m.agenda_builder_needs_too_many()),
			not_allowed: notFound
		});
	})
};
