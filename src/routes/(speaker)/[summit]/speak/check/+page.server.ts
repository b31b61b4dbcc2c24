import { byStatus } from '#lib/database/by-status.ts';
import { parseForm, withIssue } from '#lib/forms/parse.ts';
import { notFound } from '#lib/forms/server/action.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { outcomeSchema } from '#lib/speakers/device-check.ts';
import { readDeviceCheck, saveDeviceCheck } from '#lib/speakers/server/device-check.ts';
import { error, fail, redirect } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit } = locals;
	const check = await readDeviceCheck(locals.supabase, summit.id);
	return { check: check ?? error(404, m.ui_not_found()), kept: url.searchParams.has('kept') };
};

export const actions: Actions = {
	default: async ({ locals, params, request }) => {
		const { summit } = locals;
		const parsed = parseForm(await request.formData(), outcomeSchema);
		if (!parsed.ok)
			return fail(422, { form: { ...parsed.form, issues: [{ path: '', message: m.speakers_check_first() }] } });
		return byStatus(await saveDeviceCheck(locals.supabase, summit.id, parsed.output), {
			ok: () => redirect(303, href(`/${params.summit}/speak/check?kept`)),
			invalid: () => fail(422, { form: withIssue(parsed.form, '', m.speakers_check_first()) }),
			not_found: notFound
		});
	}
};
