import { byStatus } from '#lib/database/by-status.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { rulesFrom, rulesSchema } from '#lib/registration/accreditation-rules.ts';
import { readRules, saveRules } from '#lib/registration/server/accreditation.ts';
import { error } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	const { summit } = locals;
	return { kept: (await readRules(locals.supabase, summit.id)) ?? error(403) };
};

export const actions: Actions = {
	default: formAction(rulesSchema, async (input, { locals, params }) => {
		const { summit } = locals;
		const status = await saveRules(locals.supabase, summit.id, rulesFrom(input));
		const nothing = () => refuse('', m.summits_nothing_saved(), 422);
		return byStatus(status, {
			ok: () => `/${params.summit}/organise/settings/accreditation?done=saved`,
			invalid: nothing,
			not_allowed: nothing
		});
	})
};
