import { holdsRole } from '#lib/accounts/viewer.ts';
import { wholeNumber } from '#lib/forms/fields.ts';
import { formAction } from '#lib/forms/server/action.ts';
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
		if ((await saveRate(locals.supabase, summit.id, rate)) !== 'ok') error(403, m.ui_forbidden());
		return { done: 'Saved. What is being sent goes on at the new pace.' };
	})
};
