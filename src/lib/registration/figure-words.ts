/* Figures in words: of groups, and of releases. */
import { compareNames } from '#lib/i18n/list.ts';
import { m } from '#lib/i18n/messages.ts';
import { text, type TextMap } from '#lib/i18n/locale.ts';
import { number, utcDate } from '#lib/i18n/time.ts';
import type { CsvCell } from '#lib/files/csv.ts';
import { countryName } from '#lib/members/countries.ts';
import { sectorName } from '#lib/members/member.ts';
import { regionName } from '#lib/members/regions.ts';
import type { Dimension, ReleasedDimension, ReleasedFigures } from './figures.ts';
import type { Mode, RegistrationState } from './registration.ts';
import { categoryWord, modeWord } from './words.ts';

// Only organisers read figures by state.
const stateWords: Record<RegistrationState, () => string> = {
	draft: m.registration_figures_begun,
	submitted: m.registration_figures_sent,
	nominated: m.registration_figures_nominated,
	accredited: m.registration_figures_accredited,
	awaiting_payment: m.registration_figures_payment,
	confirmed: m.registration_figures_confirmed,
	declined: m.registration_figures_declined,
	withdrawn: m.registration_figures_withdrawn,
	expired: m.registration_figures_expired
};

/** A group of a dimension in the reader's words; null is "not stated". */
export function groupWord(dimension: Dimension, value: string | null): string {
	if (value === null) return m.registration_figures_unstated();
	switch (dimension) {
		case 'mode':
			return modeWord(value as Mode);
		case 'category':
			return categoryWord(value);
		case 'sector':
			return sectorName(value);
		case 'region':
			return regionName(value);
		case 'country':
			return countryName(value);
		case 'state':
			return stateWords[value as RegistrationState]();
	}
}

/** The title of a released table: its dimension. */
export function dimensionTitle(dimension: ReleasedDimension): string {
	return {
		mode: m.registration_figures_by_mode,
		category: m.registration_figures_by_category,
		sector: m.registration_figures_by_sector,
		region: m.registration_figures_by_region,
		country: m.registration_figures_by_country
	}[dimension]();
}

/** A day of the calendar in words. */
export function dayWord(date: string): string {
	return utcDate(date);
}

/** A released table for readers: largest first, with the date of a count that is older than the release. */
interface ReadTable {
	title: string;
	rows: { label: string; count: number; on: string | null }[];
}

/** The tables of a release, largest groups first; `on` is the date of the release, whose own counts are not dated. */
export function readTables({ tables }: ReleasedFigures, on: string): ReadTable[] {
	return tables
		.filter(({ rows }) => rows.length > 0)
		.map(({ dimension, rows }) => ({
			title: dimensionTitle(dimension),
			rows: rows
				.map((row) => ({
					label: groupWord(dimension, row.value),
					count: row.count,
					on: row.on === on ? null : row.on
				}))
				.sort((a, b) => b.count - a.count || compareNames(a.label, b.label))
		}));
}

/** The notes that accompany released figures everywhere. */
export function releaseNotes({ threshold }: ReleasedFigures): string[] {
	return [
		m.registration_figures_note_small({ threshold }),
		m.registration_figures_note_time({ threshold }),
		m.registration_figures_note_guarded()
	];
}

/** A release as the rows of a file. */
export function releaseRows(release: ReleasedFigures, on: string, summit: TextMap): CsvCell[][] {
	const blank: CsvCell[] = [];
	const total = release.total;
	return [
		[m.registration_figures_title({ summit: text(summit).text })],
		blank,
		[m.registration_figures_group(), m.registration_figures_people(), m.registration_figures_counted_on()],
		...(total ? [[m.registration_figures_total(), total.count, total.on]] : []),
		...readTables(release, on).flatMap(({ title, rows }) => [
			blank,
			[title],
			...rows.map((row) => [row.label, row.count, row.on ?? on])
		]),
		blank,
		...releaseNotes(release).map((note) => [note])
	];
}

/** A release as a PDF, for `renderPdf` with `figuresTemplate`. */
export function releasePaper(release: ReleasedFigures, on: string, summit: TextMap, lang: string) {
	return {
		lang,
		title: m.registration_figures_title({ summit: text(summit).text }),
		summit: text(summit).text,
		heading: m.registration_figures_heading(),
		dated: m.registration_figures_dated({ date: dayWord(on) }),
		total: release.total ? [m.registration_figures_total(), number(release.total.count)] : [],
		tables: readTables(release, on).map(({ title, rows }) => ({
			title,
			rows: rows.map((row) => [
				row.on ? `${row.label} (${m.registration_figures_dated({ date: dayWord(row.on) })})` : row.label,
				number(row.count),
				(row.count / Math.max(1, ...rows.map(({ count }) => count))) * 100
			])
		})),
		notes: releaseNotes(release)
	};
}

/** The template of the PDF. Bars are drawn from the start side, with their value beside them. */
export const figuresTemplate = `
#set par(leading: 0.6em, spacing: 0.9em)
#set page(footer: context align(center, text(size: 8pt, fill: rgb("#4C5F74"))[#mark(data.summit) · #counter(page).display("1 / 1", both: true)]))
#let quiet(body) = text(size: 9pt, fill: rgb("#4C5F74"), body)
#quiet(data.summit)
#v(2pt)
#text(size: 21pt, weight: 600, fill: rgb("#12263D"))[#data.heading]
#v(2pt)
#quiet(data.dated)
#if data.total.len() > 0 [ #v(8pt) #text(size: 13pt)[#data.total.at(0): #text(weight: 600, mark(data.total.at(1)))] ]
#for part in data.tables [
  #v(14pt)
  #block(sticky: true, text(size: 13pt, weight: 600, part.title))
  #grid(columns: (5cm, 1fr, 2cm), column-gutter: 10pt, row-gutter: 8pt, align: (start, start + horizon, end),
    ..part.rows.map(((name, value, share)) => (name, rect(width: share * 1%, height: 6pt, fill: rgb("#12263D")), mark(value))).flatten())
]
#v(16pt)
#for note in data.notes [#quiet(note) #linebreak()]
`;
