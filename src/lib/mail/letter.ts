import { withoutBreaks } from '#lib/forms/one-line.ts';
import { joinLabel } from '#lib/i18n/list.ts';
import { direction } from '#lib/i18n/locale.ts';

/** One part of a mail, from top to bottom. */
export type MailPart =
	| { kind: 'text'; text: string }
	/** A code to type, large. */
	| { kind: 'code'; code: string }
	/** A quotation, exactly as it was written. */
	| { kind: 'quote'; text: string }
	| { kind: 'facts'; facts: { label: string; value: string }[] }
	| { kind: 'action'; label: string; url: string };

/** A mail in one language. It names nobody: a name beside an address would reveal who has an alias. */
export interface Letter {
	subject: string;
	parts: MailPart[];
	/** Why the reader gets it, and how to contact the organisers. */
	foot: string[];
}

/** A mail as it is sent. */
export interface Rendered {
	subject: string;
	text: string;
	html: string;
}

/** One paragraph. */
export const paragraph = (text: string): MailPart => ({ kind: 'text', text });

function escape(text: string): string {
	return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

function textOf(part: MailPart): string {
	switch (part.kind) {
		case 'text':
			return part.text;
		case 'code':
			return `    ${part.code}`;
		case 'quote':
			return part.text
				.split(/\r?\n/)
				.map((line) => `> ${line}`)
				.join('\n');
		case 'facts':
			return part.facts.map(({ label, value }) => joinLabel(label, value)).join('\n');
		case 'action':
			return `${part.label}:\n${part.url}`;
	}
}

const ink = '#12263D';
const muted = '#4C5F74';
const face =
	"'Source Sans 3','Segoe UI',Helvetica,Arial,'Noto Naskh Arabic','PingFang SC','Microsoft YaHei',sans-serif";
const paragraphStyle = 'margin:0 0 16px;font-size:17px;line-height:1.5';

function htmlOf(part: MailPart): string {
	switch (part.kind) {
		case 'text':
			return `<p style="${paragraphStyle}">${escape(part.text).replace(/\n/g, '<br>')}</p>`;
		case 'code':
			return `<p style="margin:0 0 16px;font-size:34px;line-height:1.2;font-weight:600;letter-spacing:4px" dir="ltr">${escape(part.code)}</p>`;
		case 'quote':
			return `<blockquote style="margin:0 0 16px;padding:2px 0;padding-inline-start:14px;border-inline-start:3px solid #76879A;font-size:17px;line-height:1.5" dir="auto">${escape(part.text).replace(/\r?\n/g, '<br>')}</blockquote>`;
		case 'facts':
			return `<dl style="margin:0 0 16px;font-size:17px;line-height:1.5">${part.facts
				.map(
					({ label, value }) =>
						`<dt style="color:${muted};font-size:15px">${escape(label)}</dt><dd style="margin:0 0 8px">${escape(value)}</dd>`
				)
				.join('')}</dl>`;
		case 'action':
			return `<p style="margin:0 0 16px"><a href="${escape(part.url)}" style="display:inline-block;padding:12px 22px;background:${ink};color:#FFFFFF;border-radius:4px;font-size:17px;font-weight:600;text-decoration:none">${escape(part.label)}</a></p>`;
	}
}

/** The same letter as plain text and as HTML that needs no style sheet, image or script. */
export function renderLetter(letter: Letter, locale: string): Rendered {
	// A line break in a subject would begin a new header.
	const subject = withoutBreaks(letter.subject).replace(/\s+/gu, ' ');
	const text = [...letter.parts.map(textOf), '-- ', ...letter.foot].join('\n\n').replace('\n\n-- \n\n', '\n\n-- \n');
	const foot = letter.foot
		.map((line) => `<p style="margin:0 0 8px;font-size:14px;line-height:1.45;color:${muted}">${linked(line)}</p>`)
		.join('');
	const html = `<!doctype html><html lang="${locale}" dir="${direction(locale)}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light"><title>${escape(subject)}</title></head><body style="margin:0;background:#F4F6F8;color:${ink};font-family:${face}"><div style="max-width:560px;margin:0 auto;padding:28px 20px"><h1 style="margin:0 0 20px;font-family:'Source Serif 4',Georgia,'Noto Naskh Arabic',serif;font-size:26px;line-height:1.2;font-weight:500">${escape(subject)}</h1>${letter.parts.map(htmlOf).join('')}<hr style="border:0;border-top:1px solid #D3DBE3;margin:24px 0 16px">${foot}</div></body></html>`;
	return { subject, text: `${text}\n`, html };
}

// An address in a line of the footer becomes a link; the rest is text.
function linked(line: string): string {
	return escape(line).replace(/https?:\/\/\S+/g, (url) => `<a href="${url}" style="color:#1B4F8A">${url}</a>`);
}
