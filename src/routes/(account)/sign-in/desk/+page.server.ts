import { readCode } from '#lib/forms/code.ts';
import { clientOf } from '#lib/accounts/client-address.ts';
import { signInByAddress } from '#lib/accounts/server/auth.ts';
import { keepLanguage } from '#lib/accounts/server/preferences.ts';
import { requiredText } from '#lib/forms/fields.ts';
import { parseForm, withIssue } from '#lib/forms/parse.ts';
import { deskCodeLength } from '#lib/help-desk/desk.ts';
import { useDeskCode } from '#lib/help-desk/server/desk.ts';
import { href, locale } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { duration } from '#lib/i18n/time.ts';
import { fail, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions } from './$types';

export const actions: Actions = {
	default: async (event) => {
		const parsed = parseForm(await event.request.formData(), v.object({ code: requiredText(40, m.badges_code_shape) }));
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const code = readCode(parsed.output.code, deskCodeLength);
		if (code === null) return fail(422, { form: withIssue(parsed.form, 'code', m.badges_code_shape()) });
		const used = await useDeskCode(code, clientOf(event));
		if ('refusal' in used) {
			const isLimited = used.refusal === 'limited';
			const why = isLimited ? m.account_limited({ wait: duration(300) }) : m.badges_code_wrong();
			return fail(isLimited ? 429 : 422, { form: withIssue({ ...parsed.form, values: {} }, 'code', why) });
		}
		await signInByAddress(event, used.address);
		await keepLanguage(event.locals.supabase, locale());
		redirect(303, href('/'));
	}
};
