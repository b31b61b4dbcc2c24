import { safeNext } from '#lib/accounts/next.ts';
import { signInByAddress } from '#lib/accounts/server/auth.ts';
import { forgetChallenge } from '#lib/accounts/server/codes.ts';
import { saveFirstLanguage } from '#lib/accounts/server/preferences.ts';
import { limitedSignOn } from '#lib/accounts/server/rates.ts';
import { finishSignOn, issuers, takePending } from '#lib/accounts/server/single-sign-on.ts';
import { signOnFailed } from '#lib/accounts/single-sign-on.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { error, redirect } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** Where the issuer leads back to, with a code or an error. */
export const GET: RequestHandler = async (event) => {
	const issuer = issuers().find(({ id }) => id === event.params.issuer) ?? error(404, m.ui_not_found());
	if (limitedSignOn(event)) redirect(303, signOnFailed(issuer, 'limited', ''));
	const pending = takePending(event, issuer);
	if (!pending) {
		event.locals.refusal = { status: 303, reason: 'sso_expired' };
		redirect(303, signOnFailed(issuer, 'expired', ''));
	}
	const next = safeNext(pending.next, href('/account/start', pending.locale));
	const finished = await finishSignOn(event, issuer, pending);
	if ('failure' in finished) {
		event.locals.refusal = { status: 303, reason: `sso_${finished.failure}` };
		// The same answer twice, as by a double click: the first one signed in.
		if (finished.failure === 'used' && event.locals.viewer) redirect(303, next);
		redirect(303, signOnFailed(issuer, finished.failure, pending.next, pending.locale));
	}
	await signInByAddress(event, finished.address);
	await saveFirstLanguage(event.locals.supabase, pending.locale);
	forgetChallenge(event);
	redirect(303, next);
};
