import { digitsOf } from '#lib/accounts/challenge.ts';
import { safeNext } from '#lib/accounts/next.ts';
import { checkCode, forgetChallenge, pendingChallenge, requestCode, type Checked } from '#lib/accounts/server/codes.ts';
import { signInByAddress } from '#lib/accounts/server/auth.ts';
import { keepLanguage } from '#lib/accounts/server/preferences.ts';
import { isLocalSample } from '#lib/accounts/server/sample.ts';
import { mailAddress, requiredText } from '#lib/forms/fields.ts';
import { parseForm, withIssue } from '#lib/forms/parse.ts';
import { href, locale } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { duration } from '#lib/i18n/time.ts';
import { fail, redirect, type RequestEvent } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ cookies, url, locals }) => {
	const pending = pendingChallenge({ cookies });
	return {
		pending: pending && { address: pending.address },
		next: safeNext(url.searchParams.get('next') ?? pending?.next, ''),
		sample: isLocalSample(),
		name: locals.viewer?.displayName ?? null
	};
};

async function send(event: RequestEvent, address: string, next: string) {
	const asked = await requestCode(event, address, next, locale());
	return asked.status === 'ok' ? null : m.account_limited({ wait: duration(asked.retryAfter) });
}

const words: Record<Exclude<Checked, 'ok'>, () => string> = {
	wrong: m.account_code_wrong,
	burnt: m.account_code_burnt,
	expired: m.account_code_expired,
	used: m.account_code_used
};

export const actions: Actions = {
	ask: async (event) => {
		const schema = v.object({ address: mailAddress(), next: v.optional(v.string(), '') });
		const parsed = parseForm(await event.request.formData(), schema);
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const refusal = await send(event, parsed.output.address, safeNext(parsed.output.next, ''));
		if (refusal) return fail(429, { form: withIssue(parsed.form, 'address', refusal) });
		redirect(303, href('/sign-in'));
	},
	again: async (event) => {
		const pending = pendingChallenge(event);
		if (!pending) redirect(303, href('/sign-in'));
		const refusal = await send(event, pending.address, pending.next);
		if (refusal) return fail(429, { form: { values: {}, issues: [{ path: 'code', message: refusal }] } });
		return { sent: true };
	},
	check: async (event) => {
		const parsed = parseForm(
			await event.request.formData(),
			v.object({ code: requiredText(40, m.account_code_shape) })
		);
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const code = digitsOf(parsed.output.code);
		if (code === null) return fail(422, { form: withIssue(parsed.form, 'code', m.account_code_shape()) });
		const pending = pendingChallenge(event);
		const status = pending ? await checkCode(pending, code) : 'expired';
		if (!pending || status !== 'ok') {
			const why = words[status === 'ok' ? 'expired' : status]();
			return fail(422, { form: withIssue({ ...parsed.form, values: {} }, 'code', why) });
		}
		await signInByAddress(event, pending.address);
		await keepLanguage(event.locals.supabase, locale());
		forgetChallenge(event);
		redirect(303, safeNext(pending.next, href('/')));
	},
	restart: (event) => {
		forgetChallenge(event);
		redirect(303, href('/sign-in'));
	}
};
