/* The content and the layout of the visa letter. No I/O. */
import { joinFacts } from '#lib/i18n/list.ts';
import { text, type Locale, type TextMap } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { dateRange, day, utcDate } from '#lib/i18n/time.ts';
import { countryName } from '#lib/members/countries.ts';
import type { LetterHead } from '#lib/database/answers/logistics.ts';

export type { LetterHead } from '#lib/database/answers/logistics.ts';

/** The content of a letter, stored as it was issued. Always sealed. */
export interface LetterContent {
	locale: Locale;
	head: LetterHead;
	summit: { name: TextMap; starts_on: string; ends_on: string; venue: TextMap; city: TextMap; country: string | null };
	passport_name: string;
	passport_number: string;
	nationality: string;
	birth_date: string;
	embassy: string;
}

/** Letters in groups of four, for reading aloud; not broken over lines. */
export function codeInFours(code: string): string {
	return code.replace(/(.{4})(?=.)/g, '$1\u2011');
}

/** The data of the template, in the present language. `checkUrl`: where the code is verified. */
export function letterData(
	letter: { reference: string; code: string; issuedAt: string; content: LetterContent },
	zone: string,
	checkUrl: string
): { lang: string; title: string } & Record<string, unknown> {
	const { content } = letter;
	const { head, summit } = content;
	const place = [text(summit.venue).text, text(summit.city).text, countryName(summit.country)].filter(
		(part) => part !== ''
	);
	return {
		lang: content.locale,
		title: `${m.logistics_letter_title()} ${letter.reference}`,
		issuer: head.issuer_name,
		address: head.issuer_address,
		number: m.logistics_letter_pdf_number({ reference: letter.reference }),
		date: day(letter.issuedAt, zone, { weekday: 'none', year: true }),
		heading: m.logistics_letter_title(),
		to:
			content.embassy === ''
				? m.logistics_letter_pdf_to_whom()
				: m.logistics_letter_pdf_to({ embassy: content.embassy }),
		body: m.logistics_letter_pdf_body({
			summit: text(summit.name).text,
			dates: dateRange(summit.starts_on, summit.ends_on),
			place: joinFacts(place)
		}),
		facts: [
			[m.logistics_letter_pdf_name(), content.passport_name],
			[m.logistics_letter_pdf_nationality(), countryName(content.nationality)],
			[m.logistics_letter_pdf_born(), utcDate(content.birth_date)],
			[m.logistics_letter_pdf_passport(), content.passport_number]
		],
		ask: m.logistics_letter_pdf_ask(),
		costs: m.logistics_letter_pdf_costs(),
		signatory: head.signatory_name,
		office: head.signatory_office,
		check: m.logistics_letter_pdf_check({ url: checkUrl, code: codeInFours(letter.code) })
	};
}

/** The letter in typst. */
export const letterTemplate = `
#set par(leading: 0.75em, spacing: 1.3em)
#text(size: 13pt, weight: 600)[#data.issuer]
#block(above: 0.6em)[#for line in data.address.split("\\n") [#line \\ ]]
#line(length: 100%, stroke: 0.5pt)
#v(8mm)
#grid(columns: (1fr, auto), mark(data.number), mark(data.date))
#v(6mm)
#data.to
#v(4mm)
#text(size: 15pt, weight: 600)[#data.heading]
#v(2mm)
#data.body
#v(2mm)
#table(
	columns: (auto, 1fr), stroke: none, inset: (x: 0pt, y: 5pt), column-gutter: 8mm,
	..data.facts.map(fact => (text(fill: luma(35%))[#fact.at(0)], text(weight: 600)[#mark(fact.at(1))])).flatten()
)
#v(2mm)
#data.ask

#data.costs
#v(22mm)
#line(length: 70mm, stroke: 0.5pt)
#mark(data.signatory) \\
#data.office
#v(1fr)
#line(length: 100%, stroke: 0.5pt)
#text(size: 8.5pt)[#data.check]
`;
