import { withoutBreaks } from '#lib/forms/one-line.ts';

/** Something on the web that an event names. */
export interface Reference {
	url: string;
	title: string;
}

/** What a file says of an event that has no place in a session of ours, and goes out again as it came. Absent is ''. */
export interface Origin {
	/** The page of the event in the system that it came from. */
	url: string;
	feedback_url: string;
	logo: string;
	license: string;
	links: Reference[];
	attachments: Reference[];
}

/** At most so much of it in one event, in characters and in number. */
export const originLimit = { url: 2000, title: 300, license: 300, references: 100 };

/** Nothing. */
export function emptyOrigin(): Origin {
	return { url: '', feedback_url: '', logo: '', license: '', links: [], attachments: [] };
}

/** An address on the web, whole, from what a file says: '' where it is none. Only http and https: a file can name anything. */
export function webAddress(written: string, base: string): string {
	const text = written.trim();
	if (text === '') return '';
	const url = URL.parse(text) ?? (URL.canParse(base) ? URL.parse(text, base) : null);
	return url && /^https?:$/.test(url.protocol) && url.username === '' ? url.href : '';
}

/** The origin of an event as written in a file, with whole addresses; what is none of them is in `left`. */
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
			return found === '' ? [] : [{ url: found, title: withoutBreaks(title) }];
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

/** Whether an origin is more than we keep of one. */
export function isTooLong({ url, feedback_url: feedback, logo, license, links, attachments }: Origin): boolean {
	const all = [...links, ...attachments];
	return (
		[url, feedback, logo, ...all.map((one) => one.url)].some((text) => text.length > originLimit.url) ||
		license.length > originLimit.license ||
		all.length > originLimit.references ||
		all.some(({ title }) => title.length > originLimit.title) ||
		JSON.stringify(all).length > 15_000
	);
}

/** What of an origin an organiser is told when it changes; the page of the event is not compared, for our own files say ours. */
export function originWords({ feedback_url: feedback, logo, license, links, attachments }: Origin): string {
	return [
		...links.map(({ url, title }) => (title ? `${title} ${url}` : url)),
		...attachments.map(({ url, title }) => (title ? `${title} ${url}` : url)),
		logo,
		license,
		feedback
	]
		.filter(Boolean)
		.join('\n');
}
