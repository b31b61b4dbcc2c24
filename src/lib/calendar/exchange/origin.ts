import { areTooMany, distinctLinks, linkLimit, webAddress, type SessionLink } from '#lib/agenda/links.ts';
import { oneLine, withoutBreaks } from '#lib/forms/one-line.ts';
import type { EventOrigin, Origin, Reference } from '#lib/database/answers/calendar.ts';

export type { EventOrigin, Origin, Reference } from '#lib/database/answers/calendar.ts';

const longestLicense = 300;

/** An empty origin. */
export function emptyEventOrigin(): EventOrigin {
	return { url: '', feedback_url: '', logo: '', license: '' };
}

/** An empty origin without links. */
export function emptyOrigin(): Origin {
	return { ...emptyEventOrigin(), links: [], attachments: [] };
}

/** The origin of an event in a file, with absolute addresses; invalid ones are in `left`. */
export function originOf(written: Origin, base: string): { origin: Origin; left: string[] } {
	const left: string[] = [];
	const address = (text: string) => {
		const found = webAddress(text, base);
		if (found === '' && text.trim() !== '') left.push(withoutBreaks(text).slice(0, 80));
		return found;
	};
	const references = (list: readonly Reference[]) =>
		list.flatMap(({ url, title }) => {
			const found = address(url);
			return found === '' ? [] : [{ url: found, title: oneLine(title) }];
		});
	return {
		origin: {
			url: address(written.url),
			feedback_url: address(written.feedback_url),
			logo: address(written.logo),
			license: withoutBreaks(written.license),
			links: references(written.links),
			attachments: references(written.attachments)
		},
		left
	};
}

/** The links of a session from those of its events: first the pages, then the files, as the exchange format orders them. */
export function linksOf(origins: readonly Pick<Origin, 'links' | 'attachments'>[]): SessionLink[] {
	const all = (list: 'links' | 'attachments', kind: SessionLink['kind']) =>
		origins.flatMap((origin) => origin[list].map(({ url, title }) => ({ url, title, kind })));
	return distinctLinks([...all('links', 'link'), ...all('attachments', 'attachment')]);
}

/** Whether the origins of a session's events exceed our limit. */
export function areTooLong(origins: readonly Origin[]): boolean {
	const links = linksOf(origins);
	const urls = origins.flatMap(({ url, feedback_url: feedback, logo }) => [url, feedback, logo]);
	return (
		areTooMany(links) ||
		[...urls, ...links.map(({ url }) => url)].some((text) => text.length > linkLimit.url) ||
		links.some(({ title }) => title.length > linkLimit.title) ||
		origins.some(({ license }) => license.length > longestLicense)
	);
}

/** The parts of an origin whose changes organisers see; the page of the event is not compared, since our own files name our page. */
export function originWords({ feedback_url: feedback, logo, license }: EventOrigin): string {
	return [logo, license, feedback].filter(Boolean).join('\n');
}
