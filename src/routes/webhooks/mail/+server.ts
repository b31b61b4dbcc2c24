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
	if (Number(request.headers.get('content-length') ?? 0) > most) return new Response(null, { status: 413 });
	const body = await request.text();
	if (body.length > most) return new Response(null, { status: 413 });
	const bounces = readBounces(request.headers.get('content-type') ?? '', body);
	if (!bounces) return new Response(null, { status: 422 });
	await saveBounces(bounces);
	return new Response(null, { status: 204 });
};
