/*
 * The answer while the database is unavailable: 503, a time to wait, and the submitted form. It uses no part of a page
 * that could query the database.
 */
import { createHash } from 'node:crypto';
import { sentFrom, written, type Sent } from '#lib/accounts/resending.ts';
import { isSentByScript } from '#lib/forms/server/action.ts';
import { joinList } from '#lib/i18n/list.ts';
import { direction, href, locale } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import type { RequestEvent } from '@sveltejs/kit';

const retrySeconds = 5;

// A longer body is not held twice in memory; the browser keeps its page.
const mostBytes = 1_000_000;

const isForm = /^(?:multipart\/form-data|application\/x-www-form-urlencoded)/;
const showsPages = (request: Request) => request.headers.get('accept')?.includes('text/html') ?? false;

/** A second copy of a form that a browser sends without script, for returning it; null for everything else. */
export function copyOfForm(request: Request): Request | null {
	const { method, headers } = request;
	if (method !== 'POST' || isSentByScript(request) || !showsPages(request)) return null;
	const length = Number(headers.get('content-length') ?? NaN);
	return isForm.test(headers.get('content-type') ?? '') && length <= mostBytes ? request.clone() : null;
}

/** The answer to a request that failed because the database is unavailable. */
export async function unavailableResponse(event: RequestEvent, form: Request | null): Promise<Response> {
	const { request, url } = event;
	const headers = { 'retry-after': String(retrySeconds), 'cache-control': 'no-store' };
	if (isSentByScript(request)) {
		const error = { message: m.ui_unavailable_form() };
		return Response.json({ type: 'error', error }, { status: 503, headers });
	}
	if (event.isDataRequest || !showsPages(request))
		return Response.json({ message: m.ui_unavailable() }, { status: 503, headers });
	// A form that was cut off in transit cannot be returned.
	const sent = form && (await form.formData().then(sentFrom, () => null));
	return new Response(pageOf(request.method, url.pathname + url.search, sent), {
		status: 503,
		headers: { ...headers, 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy }
	});
}

const style = `:root{color-scheme:light dark;--ground:#f4f6f8;--text:#12263d;--line:#76879a;--ink:#10263f;--on-ink:#f3f6f9}
@media (prefers-color-scheme:dark){:root{--ground:#0c1621;--text:#e8eef4;--line:#7f93a8;--ink:#cfe0f2;--on-ink:#0c1621}}
body{margin:0;background:var(--ground);color:var(--text);font:1.0625rem/1.5 system-ui,sans-serif}
main{max-inline-size:38rem;margin-inline:auto;padding:3rem 1.5rem}
h1{font:420 2rem/1.16 Georgia,serif}a{color:inherit}
button,.button{display:inline-block;padding:.7rem 1.2rem;border:0;border-radius:6px;background:var(--ink);color:var(--on-ink);font:inherit;text-decoration:none;cursor:pointer}
:focus-visible{outline:3px solid currentColor;outline-offset:2px}
blockquote{margin:1rem 0;padding:1rem;border:1px solid var(--line);border-radius:6px;white-space:pre-wrap;overflow-wrap:anywhere}`;

const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;

const signs: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string) => text.replace(/[&<>"']/g, (sign) => signs[sign] ?? sign);

// Parsers drop a line break right after the start of a textarea, so one more is added.
const hidden = ({ name, value }: Sent['fields'][number]) =>
	`<textarea hidden name="${escaped(name)}">\n${escaped(value)}</textarea>`;

function pageOf(method: string, address: string, sent: Sent | null): string {
	const isRead = method === 'GET' || method === 'HEAD';
	const sentence = isRead ? m.ui_unavailable() : sent ? m.ui_unavailable_kept() : m.ui_unavailable_unkept();
	return `<!doctype html>
<html lang="${locale()}" dir="${direction(locale())}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
${isRead ? `<meta http-equiv="refresh" content="${retrySeconds}">` : ''}
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<title>${escaped(m.ui_unavailable_title())} · ${escaped(m.ui_name())}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escaped(m.ui_unavailable_title())}</h1>
<p>${escaped(sentence)}</p>
${isRead ? again(address) : sent ? formOf(address, sent) : ''}
<p><a href="${href('/status')}">${escaped(m.status_title())}</a></p>
</main>
</body>
</html>
`;
}

const again = (address: string) =>
	`<p>${escaped(m.ui_unavailable_reloads())}</p><p><a class="button" href="${escaped(address)}">${escaped(m.ui_try_again())}</a></p>`;

function formOf(address: string, sent: Sent): string {
	const texts = written(sent);
	const files = joinList(sent.files);
	return `<form method="post" action="${escaped(address)}">${sent.fields.map(hidden).join('')}<button>${escaped(m.accounts_resend_send())}</button></form>
${files ? `<p>${escaped(m.accounts_resend_files({ names: files }))}</p>` : ''}
${texts.length > 0 ? `<h2>${escaped(m.accounts_resend_written())}</h2>` : ''}${texts.map((text) => `<blockquote dir="auto">${escaped(text)}</blockquote>`).join('')}
<p><a href="${escaped(address.split('?')[0] ?? '/')}">${escaped(m.accounts_resend_back())}</a></p>`;
}
