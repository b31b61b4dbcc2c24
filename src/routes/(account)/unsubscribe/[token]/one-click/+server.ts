import { href } from '#lib/i18n/locale.ts';
import { answerUnsubscribeLink } from '#lib/mail/server/unsubscribing.ts';
import { redirect } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** The address of the List-Unsubscribe header. Opening it changes nothing: the page asks. */
export const GET: RequestHandler = ({ params }) => redirect(303, href(`/unsubscribe/${params.token}`));

/** A mail program unsubscribes its reader by one request, without cookies and from no page (RFC 8058). */
export const POST: RequestHandler = async ({ params }) => {
	const status = await answerUnsubscribeLink(params.token, true);
	return new Response(null, { status: status === 'ok' ? 204 : 404, headers: { 'cache-control': 'no-store' } });
};
