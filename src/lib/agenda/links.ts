/* Web links of a session: pages and files that its people enter. No I/O. */
import { oneLine } from '#lib/forms/one-line.ts';
import type { FormIssue, FormValues } from '#lib/forms/parse.ts';
import { m } from '#lib/i18n/messages.ts';
import type { SessionLink } from '#lib/database/answers/agenda/draft.ts';

export type { SessionLink } from '#lib/database/answers/agenda/draft.ts';

/** The limits of one session, in number and in characters (private.are_session_links). */
export const linkLimit = { links: 100, url: 2000, title: 300, all: 15_000 };

/** Rows of the form for new links. */
const blankRows = 2;

/**
 * A whole web address: '' where it is invalid. Only http and https, and no user before an @, behind which another host could hide. `base`
 * resolves relative addresses of a file.
 */
export function webAddress(written: string, base = ''): string {
	const text = written.trim();
	if (text === '') return '';
	const url = URL.parse(text) ?? (URL.canParse(base) ? URL.parse(text, base) : null);
	return url && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '' ? url.href : '';
}

/** An address as a person types it: https is added where the scheme is missing, and the host has a dot. */
function typedAddress(typed: string): string {
	const url = webAddress(/^[a-z][a-z0-9+-]*:/i.test(typed) ? typed : `https://${typed}`);
	return url !== '' && new URL(url).hostname.includes('.') ? url : '';
}

/** Whether these exceed the limits of one session. */
export function areTooMany(links: readonly SessionLink[]): boolean {
	return links.length > linkLimit.links || JSON.stringify(links).length > linkLimit.all;
}

/** The links without duplicates. */
export function distinctLinks(links: readonly SessionLink[]): SessionLink[] {
	return [...new Map(links.map((link) => [`${link.kind} ${link.url} ${link.title}`, link])).values()];
}

const withoutWww = (host: string) => host.toLowerCase().replace(/^www\./, '');

/** The display of a link: its host is always visible, and no text can name another. */
export function shownLink({ url, title }: SessionLink): { text: string; host: string } {
	const { host } = new URL(url);
	const address = url.replace(/^https?:\/\//, '').replace(/\/$/, '');
	const named = [...title.matchAll(/(?:https?:[/\\]*|\bwww\.)([^\s/\\?#]*)/giu)];
	const isPlain = title !== '' && named.every(([, other = '']) => withoutWww(other) === withoutWww(host));
	return isPlain ? { text: title, host } : { text: address, host: '' };
}

/** The links as text, one a line. */
export function linkLines(links: readonly SessionLink[]): string {
	return links.map(({ url, title }) => (title ? `${title} ${url}` : url)).join('\n');
}

/** How many rows the form shows for these links: the existing ones, and some for new ones. */
export function linkRows(links: readonly SessionLink[]): number {
	return Math.min(links.length + blankRows, linkLimit.links + blankRows);
}

/** Rows at their chosen positions: the others keep their order around them. Positions count from 1. */
function placed<Row extends { place: number }>(rows: readonly Row[]): Row[] {
	const list = rows.filter(({ place }, at) => place === at + 1);
	const moved = rows.filter(({ place }, at) => place !== at + 1).sort((a, b) => a.place - b.place);
	for (const row of moved) list.splice(Math.min(row.place - 1, list.length), 0, row);
	return list;
}

/**
 * The links of a form, in their new order, and their errors; `links` is undefined where the form has no fields for them. A row without text
 * and address is ignored.
 */
export function linksFromForm(values: FormValues): { links: SessionLink[] | undefined; issues: FormIssue[] } {
	if (typeof values['links'] !== 'string') return { links: undefined, issues: [] };
	const issues: FormIssue[] = [];
	const value = (name: string) => oneLine(String(values[name] ?? ''));
	const count = Math.min(Number(values['links']) || 0, linkLimit.links + blankRows);
	const rows = Array.from({ length: count }, (_, at) => {
		const key = `link.${at}`;
		const [typed, title] = [value(`${key}.url`), value(`${key}.title`)];
		const kind = value(`${key}.kind`) === 'attachment' ? 'attachment' : 'link';
		const isRow = value(`${key}.remove`) === '' && (typed !== '' || title !== '');
		const url = typedAddress(typed);
		if (isRow && url === '')
			issues.push({ path: `${key}.url`, message: typed === '' ? m.agenda_link_missing() : m.agenda_link_wrong() });
		else if (isRow && url.length > linkLimit.url)
			issues.push({ path: `${key}.url`, message: m.ui_form_too_long({ most: linkLimit.url }) });
		if (isRow && title.length > linkLimit.title)
			issues.push({ path: `${key}.title`, message: m.ui_form_too_long({ most: linkLimit.title }) });
		return { isRow, place: Number(value(`${key}.place`)) || at + 1, link: { url, title, kind } satisfies SessionLink };
	});
	const links = distinctLinks(placed(rows).flatMap(({ isRow, link }) => (isRow ? [link] : [])));
	if (issues.length === 0 && areTooMany(links))
		issues.push({ path: '', message: m.agenda_links_many({ most: linkLimit.links }) });
	return { links, issues };
}
