import { callPrivate } from '#lib/database/server/pool.ts';
import { isSecret } from '#lib/forms/server/secrets.ts';
import { bounceReports, bouncesOf, readNotification, type Bounce } from '#lib/mail/bounces.ts';
import * as v from 'valibot';

/** The secret in an Authorization header: as `Bearer secret`, or as the password of `Basic`, which some providers send. */
function secretIn(authorization: string): string {
	const [, scheme = '', value = ''] = /^(Bearer|Basic) +(\S+)$/i.exec(authorization) ?? [];
	if (scheme.toLowerCase() !== 'basic') return value;
	const pair = Buffer.from(value, 'base64').toString();
	return pair.slice(pair.indexOf(':') + 1);
}

/** Whether a request carries MAIL_WEBHOOK_SECRET; null where none is set, so that nothing is taken from anybody. */
export function isMailWebhook(authorization: string | null): boolean | null {
	const secret = process.env['MAIL_WEBHOOK_SECRET'];
	if (!secret) return null;
	return isSecret(secretIn(authorization ?? ''), secret);
}

/** The bounces in a request's body: a notification of a mail server, or reports as JSON. Null for anything else. */
export function readBounces(type: string, body: string): Bounce[] | null {
	if (/^message\/rfc822\b/i.test(type)) return [readNotification(body)].filter((bounce) => bounce !== null);
	if (!/^application\/json\b/i.test(type)) return null;
	try {
		const parsed = v.safeParse(bounceReports, JSON.parse(body));
		return parsed.success ? bouncesOf(parsed.output) : null;
	} catch {
		return null;
	}
}

/** Records bounces. Unknown mails, and reports that came before, change nothing. */
export async function saveBounces(bounces: readonly Bounce[]): Promise<void> {
	for (const { id, kind, code } of bounces) await callPrivate('save_mail_bounce', [id, kind, code]);
}
