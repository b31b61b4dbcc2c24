import { digitsOf } from '#lib/accounts/challenge.ts';
import { safeNext } from '#lib/accounts/next.ts';
import { checkCode, forgetChallenge, pendingChallenge, requestCode } from '#lib/accounts/server/codes.ts';
import { signInByAddress } from '#lib/accounts/server/auth.ts';
import { saveFirstLanguage } from '#lib/accounts/server/preferences.ts';
import { isLocalSample } from '#lib/accounts/server/sample.ts';
import { issuerOf, issuers, rememberHint } from '#lib/accounts/server/single-sign-on.ts';
import { signOnFailure } from '#lib/accounts/single-sign-on.ts';
import type { RefusalOf } from '#lib/database/calls.ts';
import { mailAddress, requiredText } from '#lib/forms/fields.ts';
import { withIssue } from '#lib/forms/parse.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { href, locale } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { duration } from '#lib/i18n/time.ts';
import { fail, redirect, type RequestEvent } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ cookies, url, locals }) => {
	const pending = pendingChallenge({ cookies });
	const at = issuers().find(({ id }) => id === url.searchParams.get('with'));
	return {
		pending: pending && { address: pending.address },
		next: safeNext(url.searchParams.get('next') ?? pending?.next, ''),
		sample: isLocalSample(),
		name: locals.viewer?.displayName ?? null,
		issuers: issuers().map(({ id, name }) => ({ id, name })),
		failure: signOnFailure(url.searchParams.get('failed'), at)
	};
};

async function send(event: RequestEvent, address: string, next: string) {
	const asked = await requestCode(event, address, next, locale());
	if (asked.status === 'issuer') return m.accounts_sso_required({ name: asked.issuer.name });
	return asked.status === 'ok' ? null : m.accounts_limited({ wait: duration(asked.retryAfter) });
}

const words: Record<RefusalOf<'check_sign_in_code'>, () => string> = {
	wrong: m.accounts_code_wrong,
	invalidated: m.accounts_code_invalidated,
	expired: m.accounts_code_expired,
	used: m.accounts_code_used
};

const askSchema = v.object({
	address: mailAddress(),
	next: v.optional(v.string(), ''),
	// Asks for a code although there is an issuer.
	by: v.optional(v.literal('code'))
});

export const actions: Actions = {
	ask: formAction(askSchema, async ({ address, next, by }, event, form) => {
		const issuer = issuerOf(address);
		if (issuer && (issuer.isRequired || by !== 'code')) {
			const { id, name, isRequired } = issuer;
			rememberHint(event, address);
			return { form, offer: { id, name, isRequired, address, next: safeNext(next, '') } };
		}
		const refusal = await send(event, address, safeNext(next, ''));
		if (refusal) return refuse('address', refusal, 429);
		return '/sign-in';
	}),
	again: async (event) => {
		const pending = pendingChallenge(event);
		if (!pending) redirect(303, href('/sign-in'));
		const refusal = await send(event, pending.address, pending.next);
		if (refusal) {
			event.locals.refusal = { status: 429, reason: 'limited' };
			return fail(429, { form: { values: {}, issues: [{ path: 'code', message: refusal }] } });
		}
		return { sent: true };
	},
	check: formAction(v.object({ code: requiredText(40, m.accounts_code_shape) }), async (input, event, form) => {
		const code = digitsOf(input.code);
		if (code === null) return refuse('code', m.accounts_code_shape(), 422);
		const pending = pendingChallenge(event);
		const status = pending ? await checkCode(pending, code) : 'expired';
		if (!pending || status !== 'ok') {
			event.locals.refusal = { status: 422, reason: `code_${status}` };
			const why = words[status === 'ok' ? 'expired' : status]();
			return fail(422, { form: withIssue({ ...form, values: {} }, 'code', why) });
		}
		await signInByAddress(event, pending.address);
		await saveFirstLanguage(event.locals.supabase, locale());
		forgetChallenge(event);
		redirect(303, safeNext(pending.next, href('/account/start')));
	}),
	restart: (event) => {
		forgetChallenge(event);
		redirect(303, href('/sign-in'));
	}
};
