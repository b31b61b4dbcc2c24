import { byStatus } from '#lib/database/by-status.ts';
import { checkbox, wholeNumber } from '#lib/forms/fields.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { readDefaults, saveDefaults } from '#lib/participation/server/reading.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	return { kept: (await readDefaults(locals.supabase, locals.summit.id)) ?? error(404, m.ui_not_found()) };
};

const schema = v.object({
	approve_first: checkbox(),
	chat: v.picklist(['open', 'slow', 'people', 'off']),
	slow_seconds: wholeNumber(5, 600)
});

export const actions: Actions = {
	default: formAction(schema, async (input, { locals, params }) => {
		const { summit } = locals;
		const status = await saveDefaults(locals.supabase, summit.id, input);
		return byStatus(status, {
			ok: () => `/${params.summit}/organise/settings/participation?done=saved`,
			invalid: () => refuse('', m.ui_form_wrong(), 422),
			not_found: notFound
		});
	})
};
