/* An inbox on this machine: an SMTP server that keeps what it is given, and a page to read it. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import type { AddressObject } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { inboxPage, messagePage } from './mail-page.ts';

/** A mail as the inbox keeps it. */
export interface InboxMail {
	id: string;
	at: string;
	from: string;
	to: string[];
	subject: string;
	text: string;
	html: string;
	headers: Record<string, string>;
	attachments: { name: string; type: string; size: number; content: string }[];
}

interface InboxOptions {
	smtpPort: number;
	webPort: number;
	/** Where the mails are kept between starts. */
	file?: string;
}

export interface Inbox {
	smtpUrl: string;
	address: string;
	stop(): Promise<void>;
}

const mostKept = 1000;

/** Starts the inbox on the loopback address. */
export async function startMail({ smtpPort, webPort, file }: InboxOptions): Promise<Inbox> {
	let mails: InboxMail[] = file && existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as InboxMail[]) : [];
	let timer: NodeJS.Timeout | undefined;
	function save(): void {
		clearTimeout(timer);
		timer = undefined;
		if (!file) return;
		writeFileSync(`${file}.new`, JSON.stringify(mails), { mode: 0o600 });
		renameSync(`${file}.new`, file);
	}
	// Hundreds come in a few seconds, and the whole file is written again: once for all of them.
	function keep(next: InboxMail[]): void {
		mails = next.slice(0, mostKept);
		timer ??= setTimeout(save, 1000);
	}
	const smtp = new SMTPServer({
		authOptional: true,
		disabledCommands: ['STARTTLS'],
		size: 25_000_000,
		onData(stream, session, done) {
			read(
				stream,
				session.envelope.rcptTo.map(({ address }) => address)
			).then(
				(mail) => {
					keep([mail, ...mails]);
					done();
				},
				(error: unknown) => done(error instanceof Error ? error : new Error('unreadable'))
			);
		}
	});
	smtp.on('error', () => undefined);
	smtp.listen(smtpPort, '127.0.0.1');
	await once(smtp.server, 'listening');
	const web = createServer((request, response) => answer(request, response, () => mails, keep));
	web.listen(webPort, '127.0.0.1');
	await once(web, 'listening');
	return {
		smtpUrl: `smtp://127.0.0.1:${smtpPort}`,
		address: `http://127.0.0.1:${webPort}`,
		async stop() {
			web.close();
			web.closeAllConnections();
			await new Promise<void>((done) => smtp.close(() => done()));
			if (timer) save();
		}
	};
}

async function read(stream: Readable, recipients: string[]): Promise<InboxMail> {
	// Loaded with the first mail: it weighs 30 MB, and a machine at rest gets none.
	const { simpleParser } = await import('mailparser');
	const mail = await simpleParser(stream, { skipImageLinks: true });
	return {
		id: randomUUID(),
		at: new Date().toISOString(),
		from: addresses(mail.from),
		// The envelope's, which also names who is in blind copy.
		to: recipients,
		subject: mail.subject ?? '',
		text: mail.text ?? '',
		html: typeof mail.html === 'string' ? mail.html : '',
		headers: Object.fromEntries(
			mail.headerLines.map(({ key, line }) => [key, line.slice(line.indexOf(':') + 1).trim()])
		),
		attachments: mail.attachments.map(({ filename, contentType, size, content }) => ({
			name: filename ?? 'attachment',
			type: contentType,
			size,
			content: content.toString('base64')
		}))
	};
}

function addresses(value: AddressObject | undefined): string {
	return value?.text ?? '';
}

function answer(
	request: IncomingMessage,
	response: ServerResponse,
	mails: () => InboxMail[],
	keep: (mails: InboxMail[]) => void
): void {
	const url = new URL(request.url ?? '/', 'http://mail.local');
	const to = url.searchParams.get('to')?.toLowerCase();
	const asked = mails().filter((mail) => !to || mail.to.some((address) => address.toLowerCase() === to));
	const send = (status: number, type: string, body: string, headers = {}) => {
		response.writeHead(status, {
			'content-type': type,
			'cache-control': 'no-store',
			'x-content-type-options': 'nosniff',
			...headers
		});
		response.end(body);
	};
	const page = (body: string) =>
		send(200, 'text/html; charset=utf-8', body, {
			'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; form-action 'self'"
		});
	const [, kind, id, part] = url.pathname.split('/');
	const mail = mails().find((candidate) => candidate.id === id);
	if (url.pathname === '/') return page(inboxPage(asked, to));
	if (kind === 'messages' && request.method === 'DELETE') {
		keep(to ? mails().filter((candidate) => !asked.includes(candidate)) : []);
		return send(200, 'application/json', '{}');
	}
	if (kind === 'messages' && !id) return send(200, 'application/json', JSON.stringify(asked));
	if (kind === 'messages' && mail) return send(200, 'application/json', JSON.stringify(mail));
	if (kind === 'mail' && mail && part === 'html') {
		// What a mail brings is shown, never run, and fetches nothing.
		return send(200, 'text/html; charset=utf-8', `<base target="_blank">${mail.html}`, {
			'content-security-policy':
				"sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
		});
	}
	if (kind === 'mail' && mail) return page(messagePage(mail));
	send(404, 'text/plain', 'Not found');
}
