import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { renderLongPdf } from './pdf.ts';
import { abandonObjects, storeBytes } from './uploading.ts';
import { isLocale, isolated, text, type Locale, type TextMap } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { day } from '#lib/i18n/time.ts';
import type { Meeting, Minutes } from '#lib/database/answers/meetings.ts';

/** The languages in which a text is written. */
const languagesOf = (map: TextMap): Locale[] => Object.keys(map).filter(isLocale);

/** The minutes in typst, A4: as long as they are. */
const minutesTemplate = `
#let muted = rgb("#4c5f74")
#set page(footer: context align(center, text(size: 9pt, fill: muted)[#counter(page).display()]))
#set text(size: 10.5pt)
#set par(leading: 0.7em, spacing: 1em)
#text(fill: muted, mark(data.group))
#par(text(size: 18pt, weight: 600, mark(data.title)))
#text(fill: muted)[#data.facts]
#line(length: 100%, stroke: 0.5pt + muted)
#for paragraph in data.paragraphs [#par[#paragraph]]
`;

/** What the library says of the minutes in each of their languages. */
const summaryOf = (meeting: Meeting, body: TextMap) =>
	Object.fromEntries([
		['original', body['original']],
		...languagesOf(body).map((locale) => [
			locale,
			m.meetings_library_summary({ group: isolated(text(meeting.group.name, locale).text) }, { locale })
		])
	]) as TextMap;

function minutesPdf(meeting: Meeting, title: TextMap, body: TextMap, approved: string, locale: Locale) {
	const held = day(meeting.start, meeting.zone, { weekday: 'none', year: true }, locale);
	const date = day(approved, meeting.zone, { weekday: 'none', year: true }, locale);
	return renderLongPdf(minutesTemplate, {
		lang: locale,
		title: text(title, locale).text,
		group: text(meeting.group.name, locale).text,
		facts: m.meetings_library_facts({ held, approved: date }, { locale }),
		paragraphs: (body[locale] ?? '').split(/\n+/).filter((line) => line.trim() !== '')
	});
}

/** Makes the PDF in a language and stores it; answers the name of its object. */
async function storeMinutes(...[meeting, title, body, approved, language]: Parameters<typeof minutesPdf>) {
	return storeBytes(await minutesPdf(meeting, title, body, approved, language), 'application/pdf');
}

/**
 * Drafts a document of the library from the approved minutes of a meeting, with a PDF in each of their languages. The draft
 * is there even if a file cannot be made: `missing` names the languages whose files are added by hand,
 * and `fault` is told why.
 */
export async function putMinutesInLibrary(
	client: DataClient,
	meeting: Meeting,
	minutes: Minutes,
	fault: (error: unknown) => void,
	store: typeof storeMinutes = storeMinutes
) {
	const answer = await rpc(client, 'put_minutes_in_library', {
		code: meeting.code,
		summary: summaryOf(meeting, minutes.body)
	});
	if (answer.status !== 'ok') return answer;
	const { item, title, body } = answer;
	const add = async (language: Locale) => {
		const object = await store(meeting, title, body, minutes.approved_at ?? meeting.end, language);
		const content = (body[language] ?? '').slice(0, 200_000);
		const file = { item, object, name: `minutes-${language}.pdf`, language, content };
		const isAdded = (await rpc(client, 'add_library_file', file)).status === 'ok';
		if (!isAdded) await abandonObjects(object);
		return isAdded;
	};
	const missing: Locale[] = [];
	for (const language of languagesOf(body)) {
		const isAdded = await add(language).catch((error: unknown) => {
			fault(error);
			return false;
		});
		if (!isAdded) missing.push(language);
	}
	return { ...answer, missing };
}
