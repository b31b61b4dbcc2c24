import { bodyWithin } from '#lib/forms/server/request-body.ts';
import { isMailWebhook, readBounces, saveBounces } from '#lib/mail/server/bounces.ts';
import type { RequestHandler } from './$types';

const most = 512 * 1024;

/**
 * Reports of bounces, of a mail provider (JSON) or of a mailbox for bounces (message/rfc822); how to send them: docs/operations.md.
 * 401 without MAIL_WEBHOOK_SECRET in the request, 404 where none is set.
 */
export const POST: RequestHandler = async ({ request }) => {
	const isOurs = isMailWebhook(request.headers.get('authorization'));
	if (!isOurs) return new Response(null, { status: isOurs === null ? 404 : 401 });
	const body = await bodyWithin(request, most);
	if (body === null) return new Response(null, { status: 413 });
	const bounces = readBounces(request.headers.get('content-type') ?? '', body.toString());
	if (!bounces) return new Response(null, { status: 422 });
	await saveBounces(bounces);
	return new Response(null, { status: 204 });
};
