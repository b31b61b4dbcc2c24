import { holdsRole } from '#lib/accounts/viewer.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { wholeNumber } from '#lib/forms/fields.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { listMessages, saveRate } from '#lib/mail/server/group.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	const { summit } = locals;
	const list = await listMessages(locals.supabase, summit.id);
	if (!list) error(403, m.ui_forbidden());
	return { ...list, maySet: holdsRole(locals.viewer, summit.id, 'owner') };
};

export const actions: Actions = {
	rate: formAction('rate', v.object({ rate: wholeNumber(1, 1000) }), async ({ rate }, { locals }) => {
		const { summit } = locals;
		return byStatus(await saveRate(locals.supabase, summit.id, rate), {
			ok: () => ({ done: m.mail_done_rate() }),
			invalid: () => refuse('rate', m.ui_form_wrong(), 422),
			not_allowed: () => error(403, m.ui_forbidden())
		});
	})
};
