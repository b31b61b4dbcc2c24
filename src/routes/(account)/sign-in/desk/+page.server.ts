import { readCode } from '#lib/forms/code.ts';
import { clientOf } from '#lib/accounts/client-address.ts';
import { signInByAddress } from '#lib/accounts/server/auth.ts';
import { saveFirstLanguage } from '#lib/accounts/server/preferences.ts';
import { requiredText } from '#lib/forms/fields.ts';
import { withIssue } from '#lib/forms/parse.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { deskCodeLength } from '#lib/help-desk/desk.ts';
import { useDeskCode } from '#lib/help-desk/server/desk.ts';
import { locale } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { duration } from '#lib/i18n/time.ts';
import { fail } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions } from './$types';

export const actions: Actions = {
	default: formAction(v.object({ code: requiredText(40, m.badges_code_shape) }), async (input, event, form) => {
		const code = readCode(input.code, deskCodeLength);
		if (code === null) return refuse('code', m.badges_code_shape(), 422);
		const used = await useDeskCode(code, clientOf(event));
		if ('refusal' in used) {
			event.locals.refusal = { status: 422, reason: `desk_code_${used.refusal}` };
			const isLimited = used.refusal === 'limited';
			const why = isLimited ? m.accounts_limited({ wait: duration(300) }) : m.badges_code_wrong();
			return fail(isLimited ? 429 : 422, { form: withIssue({ ...form, values: {} }, 'code', why) });
		}
		await signInByAddress(event, used.address);
		await saveFirstLanguage(event.locals.supabase, locale());
		return '/';
	})
};
