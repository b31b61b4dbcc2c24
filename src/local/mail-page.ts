import type { InboxMail } from './mail.ts';
import { escapeHtml } from './stripe/page.ts';

const style = `
	:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
	body { max-inline-size: 52rem; margin: 2rem auto; padding: 0 1.25rem; }
	table { inline-size: 100%; border-collapse: collapse; }
	th, td { text-align: start; padding: .5rem .75rem .5rem 0; border-block-end: 1px solid #8885; vertical-align: top; }
	time { font-variant-numeric: tabular-nums; white-space: nowrap; }
	iframe { inline-size: 100%; block-size: 36rem; border: 1px solid #8885; background: #fff; }
	pre { white-space: pre-wrap; overflow-wrap: anywhere; }`;

function frame(title: string, body: string): string {
	return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title><style>${style}</style></head><body><main>${body}</main></body></html>`;
}

const when = (at: string) => `<time datetime="${at}">${at.slice(0, 16).replace('T', ' ')} UTC</time>`;

/** The list of mails, newest first. */
export function inboxPage(mails: InboxMail[], to: string | undefined): string {
	const rows = mails.map(
		(mail) =>
			`<tr><td>${when(mail.at)}</td><td>${escapeHtml(mail.to.join(', '))}</td><td><a href="/mail/${mail.id}" dir="auto">${escapeHtml(mail.subject || '(no subject)')}</a></td></tr>`
	);
	const table = `<table><thead><tr><th scope="col">Sent</th><th scope="col">To</th><th scope="col">Subject</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
	return frame(
		'Inbox of this machine',
		`<h1>Inbox of this machine</h1><p>Every mail that the Summit sends here stays here${to ? `; shown is what went to ${escapeHtml(to)}` : ''}.</p>${mails.length > 0 ? table : '<p>No mail yet.</p>'}`
	);
}

/** One mail: as HTML, apart from this page, and as text. */
export function messagePage(mail: InboxMail): string {
	const files = mail.attachments.map(
		({ name, type, size }) => `<li>${escapeHtml(name)} (${escapeHtml(type)}, ${size} bytes)</li>`
	);
	return frame(
		mail.subject,
		`<p><a href="/">All mails</a></p><h1 dir="auto">${escapeHtml(mail.subject)}</h1><p>${when(mail.at)}<br>From ${escapeHtml(mail.from)}<br>To ${escapeHtml(mail.to.join(', '))}</p>
${files.length > 0 ? `<h2>Attachments</h2><ul>${files.join('')}</ul>` : ''}
${mail.html ? `<iframe title="The mail as HTML" src="/mail/${mail.id}/html" sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>` : ''}
<h2>Text</h2><pre dir="auto">${escapeHtml(mail.text)}</pre>`
	);
}
