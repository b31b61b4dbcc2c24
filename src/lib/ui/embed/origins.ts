/* The sites that may embed one of our pages, and the code that they insert. No I/O. */
import { isolated } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import * as v from 'valibot';

const site = /^https:\/\/[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+(:[1-9]\d{0,4})?$/;
const own = /^http:\/\/(localhost|127\.0\.0\.1)(:[1-9]\d{0,4})?$/;

/** How many sites may embed a page. */
const mostOrigins = 20;

const tooMany = () => m.ui_embed_most({ most: mostOrigins });

/** The form of the sites. */
export const embedSchema = v.object({ origins: v.pipe(v.string(), v.maxLength(5000, tooMany)) });

/** The sites as the form has them, or why it is refused. */
export function sitesOf(typed: string): { origins: string[]; refusal: string | null } {
	const { origins, wrong } = originsFrom(typed);
	const refusal =
		wrong !== null
			? m.ui_embed_wrong({ site: isolated(wrong.slice(0, 80)) })
			: origins.length > mostOrigins
				? tooMany()
				: null;
	return { origins, refusal };
}

/** Reads sites, one a line, as they are stored: an address that was copied whole loses its path. `wrong` is the first invalid one. */
export function originsFrom(typed: string): { origins: string[]; wrong: string | null } {
	const lines = typed.split(/\s+/).filter(Boolean);
	const read = lines.map((line) => [line, originOf(line)] as const);
	return {
		origins: [...new Set(read.flatMap(([, origin]) => origin ?? []))],
		wrong: read.find(([, origin]) => origin === null)?.[0] ?? null
	};
}

function originOf(line: string): string | null {
	const url = URL.parse(line.includes('://') ? line : `https://${line}`);
	if (!url || url.username || url.password) return null;
	return url.origin.length <= 200 && (site.test(url.origin) || own.test(url.origin)) ? url.origin : null;
}

function escape(text: string): string {
	return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** The code for another site's page that embeds `url`. Without the script the frame keeps its height and scrolls. */
export function snippetFor(url: string, title: string): string {
	return [
		`<iframe src="${escape(url)}" title="${escape(title)}" loading="lazy"`,
		`  style="width: 100%; height: 720px; border: 0"></iframe>`,
		`<script src="${escape(new URL(url).origin)}/embed.js" async></script>`
	].join('\n');
}
