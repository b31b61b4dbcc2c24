import { safeNext } from '#lib/accounts/next.ts';
import { limitedSignOn } from '#lib/accounts/server/rates.ts';
import { beginSignOn, issuers } from '#lib/accounts/server/single-sign-on.ts';
import { signOnFailed } from '#lib/accounts/single-sign-on.ts';
import { m } from '#lib/i18n/messages.ts';
import { error, redirect } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/**
 * Leads to the issuer. By a link and not by a form: browsers check every further address of a form's redirect against our policy, and an
 * issuer may lead on to others.
 */
export const GET: RequestHandler = async (event) => {
	const issuer = issuers().find(({ id }) => id === event.params.issuer) ?? error(404, m.ui_not_found());
	const next = safeNext(event.url.searchParams.get('next'), '');
	if (limitedSignOn(event)) redirect(303, signOnFailed(issuer, 'limited', next));
	const begun = await beginSignOn(event, issuer, next);
	redirect(303, 'to' in begun ? begun.to : signOnFailed(issuer, begun.failure, next));
};
