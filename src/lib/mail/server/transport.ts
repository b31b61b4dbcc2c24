import { createTransport, type Transporter } from 'nodemailer';
import type { CalendarInvitation } from '#lib/calendar/invitation.ts';
import { bounceAddress } from '../bounces.ts';

/** A mail for one address. */
export interface Message {
	to: string;
	subject: string;
	text: string;
	html: string;
	/** Our row's id, by which a mail that was sent twice by accident is recognised as one. */
	id: string;
	replyTo: string | null;
	locale: string;
	/** Where a mail program unsubscribes its reader by one request (RFC 8058). */
	unsubscribe?: string;
	/** Calendar files: the first beside the text, where calendars look for one, and the others attached. */
	calendars?: CalendarInvitation[];
}

/** Sends one mail; throws an error that `refusalOf` explains. */
export type Post = (message: Message) => Promise<void>;

interface CachedTransport {
	transporter: Transporter;
	from: string;
	host: string;
}

let cached: CachedTransport | undefined;

/** Whether mail to this server is sent encrypted or not at all: to another machine always, unless the address itself says otherwise (a relay inside a closed network). */
export function mustEncrypt(url: URL): boolean {
	const loopback = url.hostname === 'localhost' || url.hostname === '[::1]' || /^127\./.test(url.hostname);
	return (
		url.protocol === 'smtp:' && !loopback && !url.searchParams.has('requireTLS') && !url.searchParams.has('ignoreTLS')
	);
}

const sender = () => process.env['MAIL_FROM'] ?? 'Global Summit <no-reply@localhost>';

/** The bare sender address. */
export function senderAddress(): string {
	return /([^\s<>]+@[^\s<>@]+)>?\s*$/.exec(sender())?.[1] ?? 'no-reply@localhost';
}

function transport(): CachedTransport {
	if (cached) return cached;
	const address = process.env['SMTP_URL'];
	if (!address) throw Object.assign(new Error('SMTP_URL is needed to send mail.'), { code: 'NO_SMTP_URL' });
	const url = new URL(address);
	const from = sender();
	const settings = {
		url: address,
		pool: true as const,
		maxConnections: 4,
		maxMessages: 100,
		connectionTimeout: 10_000,
		greetingTimeout: 10_000,
		socketTimeout: 30_000,
		disableFileAccess: true,
		disableUrlAccess: true,
		...(mustEncrypt(url) && { requireTLS: true })
	};
	const host = senderAddress().split('@').at(-1) ?? 'localhost';
	cached = { transporter: createTransport(settings) as unknown as Transporter, from, host };
	return cached;
}

/** Sends by SMTP_URL, from MAIL_FROM. */
export const postBySmtp: Post = async (message) => {
	const { transporter, from, host } = transport();
	const [first, ...others] = message.calendars ?? [];
	const bounces = process.env['MAIL_BOUNCES'];
	await transporter.sendMail({
		from,
		to: { name: '', address: message.to },
		subject: message.subject,
		text: message.text,
		html: message.html,
		messageId: `<${message.id}@${host}>`,
		...(bounces && { envelope: { from: bounceAddress(bounces, message.id), to: message.to } }),
		...(message.replyTo !== null && { replyTo: message.replyTo }),
		...(first && { icalEvent: { ...first, filename: 'invite.ics' } }),
		attachments: others.map(({ method, content }, at) => ({
			filename: `invite-${at + 2}.ics`,
			contentType: `text/calendar; charset=utf-8; method=${method}`,
			content
		})),
		headers: {
			'Content-Language': message.locale,
			'Auto-Submitted': 'auto-generated',
			'X-Auto-Response-Suppress': 'All',
			...(message.unsubscribe !== undefined && {
				'List-Unsubscribe': `<${message.unsubscribe}>`,
				'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click'
			})
		}
	});
};

/** Closes idle connections. The next mail opens new ones. */
export function closeTransport(): void {
	cached?.transporter.close();
	cached = undefined;
}

/**
 * The meaning of a failed sending: final when the server understood and refused this address or this mail for good. The
 * code consists of the library's code and the server's number; their messages repeat the address and are dropped.
 */
export function mailRefusalOf(error: unknown): { final: boolean; code: string } {
	const { code, responseCode, command } = (error ?? {}) as {
		code?: unknown;
		responseCode?: unknown;
		command?: unknown;
	};
	const known = typeof code === 'string' && /^[A-Z_]{2,30}$/.test(code) ? code : 'FAILED';
	// The library has one code for a reader's address that is refused, and for ours.
	const name = known === 'EENVELOPE' && command === 'MAIL FROM' ? 'ESENDER' : known;
	const number = typeof responseCode === 'number' ? responseCode : null;
	const aboutTheMail = name === 'EENVELOPE' || name === 'EMESSAGE' || command === 'RCPT TO' || command === 'DATA';
	const forGood = number === null ? name === 'EENVELOPE' : number >= 500 && number < 600;
	return { final: aboutTheMail && forGood, code: number === null ? name : `${name} ${number}` };
}
