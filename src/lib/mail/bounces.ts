/* Reports of mail that did not arrive: of a provider as JSON, and of a mail server as RFC 3464 has it. No I/O. */
import * as v from 'valibot';

/** What is known of one mail. */
export interface Bounce {
	/** Our row's id. */
	id: string;
	kind: 'bounced' | 'complained';
	/** The enhanced status code (RFC 3463) of a permanent failure, "5.1.1"; '' where none was told. */
	code: string;
}

const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const permanent = /\b5\.\d{1,3}\.\d{1,3}\b/;

/** The id of our row in a Message-ID (`<id@host>`) or in an address of ours for bounces (`bounces+id@host`); null for others. */
export function mailIdIn(words: string): string | null {
	return new RegExp(`(?:^|[<+\\s])(${uuid})@`, 'i').exec(words)?.[1]?.toLowerCase() ?? null;
}

/** The envelope sender of a mail where bounces go to one mailbox, `bounces@example.org`: the address names the mail. */
export function bounceAddress(mailbox: string, id: string): string {
	const at = mailbox.lastIndexOf('@');
	return `${mailbox.slice(0, at)}+${id}${mailbox.slice(at)}`;
}

/** Reports as JSON: at most 500 at once; a failure that is not permanent changes nothing. */
export const bounceReports = v.object({
	events: v.pipe(
		v.array(
			v.object({
				message_id: v.pipe(v.string(), v.maxLength(400)),
				event: v.picklist(['bounced', 'complained']),
				permanent: v.optional(v.boolean(), true),
				code: v.optional(v.pipe(v.string(), v.maxLength(400)), '')
			})
		),
		v.maxLength(500)
	)
});

/** The mails that reports name. */
export function bouncesOf({ events }: v.InferOutput<typeof bounceReports>): Bounce[] {
	return events.flatMap(({ message_id, event, permanent: isPermanent, code }) => {
		const id = mailIdIn(message_id) ?? mailIdIn(`${message_id}@`);
		if (!id || (event === 'bounced' && !isPermanent)) return [];
		return [{ id, kind: event, code: event === 'bounced' ? (permanent.exec(code)?.[0] ?? '') : '' }];
	});
}

const field = (text: string, name: string) => new RegExp(`^${name}:[ \\t]*(.*)$`, 'im').exec(text)?.[1]?.trim() ?? '';

/**
 * A delivery status notification (RFC 3464), as a mail server sends it to the envelope sender; null for any other mail, for one
 * about a delay, and where it does not say which of our mails it is about.
 */
export function readNotification(mail: string): Bounce | null {
	const lines = mail.replaceAll('\r\n', '\n');
	const end = lines.indexOf('\n\n');
	const head = (end < 0 ? lines : lines.slice(0, end)).replaceAll(/\n[ \t]+/g, ' ');
	if (!/^multipart\/report\b.*report-type="?delivery-status/i.test(field(head, 'Content-Type'))) return null;
	const body = end < 0 ? '' : lines.slice(end);
	if (field(body, 'Action').toLowerCase() !== 'failed') return null;
	const code = permanent.exec(field(body, 'Status'))?.[0];
	const id =
		mailIdIn(field(head, 'To')) ?? mailIdIn(field(head, 'Delivered-To')) ?? mailIdIn(field(body, 'Message-ID'));
	return code && id ? { id, kind: 'bounced', code } : null;
}
