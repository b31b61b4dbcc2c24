import { holdsRole } from '#lib/accounts/viewer.ts';
import { wholeNumber } from '#lib/forms/fields.ts';
import { parseForm } from '#lib/forms/parse.ts';
import { m } from '#lib/i18n/messages.ts';
import { listMessages, saveRate } from '#lib/mail/server/group.ts';
import { error, fail } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	const { summit } = locals;
	const list = await listMessages(locals.supabase, summit.id);
	if (!list) error(403, m.shell_forbidden());
	return { ...list, maySet: holdsRole(locals.viewer, summit.id, 'owner') };
};

export const actions: Actions = {
	rate: async ({ locals, request }) => {
		const { summit } = locals;
		const parsed = parseForm(await request.formData(), v.object({ rate: wholeNumber(1, 1000) }), 'rate');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		if ((await saveRate(locals.supabase, summit.id, parsed.output.rate)) !== 'ok') error(403, m.shell_forbidden());
		return { done: 'Saved. What is being sent goes on at the new pace.' };
	}
};
