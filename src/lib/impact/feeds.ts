/* Every number of a released report as a table and as JSON, for other programs. No I/O. */
import type { ImpactIndicator, ImpactReport } from '#lib/database/answers/impact.ts';
import { writeCsv, type CsvCell } from '#lib/files/csv.ts';
import { indicatorKeys, type IndicatorKey } from './indicators.ts';
import { isSameRow } from './report-pictures.ts';
import { howWords, indicatorWords, rowWord } from './words.ts';

/** The columns of the table, which stay the same in all languages. */
const columns = [
	'indicator',
	'dimension',
	'key',
	'label',
	'value',
	'counted_on',
	'value_before',
	'target',
	'source',
	'how_counted',
	'release',
	'smallest_group'
];

const isKnown = (key: string): key is IndicatorKey => indicatorKeys.some((known) => known === key);

function linesOf(one: ImpactIndicator, { number, targets, content }: ImpactReport): CsvCell[][] {
	// A later version may no longer have words for what was frozen.
	const words = isKnown(one.key) ? indicatorWords[one.key] : null;
	const before = content.before?.indicators.find(({ key }) => key === one.key);
	const about = [words?.source() ?? '', isKnown(one.key) ? howWords(content, one.key) : '', number, content.threshold];
	return [
		[one.key, '', '', words?.name() ?? one.key, one.value, one.on, before?.value, targets[one.key], ...about],
		...one.rows.map((row) => {
			const was = before?.rows.find((earlier) => isSameRow(earlier, row));
			return [one.key, row.dimension, row.key, rowWord(row), row.value, row.on, was?.value, '', ...about];
		})
	];
}

/** The numbers as a table; words are in the language of the page. An empty value is suppressed. */
export const impactCsv = (report: ImpactReport): string =>
	writeCsv([columns, ...report.content.indicators.flatMap((one) => linesOf(one, report))]);

/** The whole release as it was frozen, without our internal number of the edition before. */
export function impactJson(report: ImpactReport, summit: string): string {
	const { number, released_at, reason, texts, targets, content } = report;
	const before = content.before && { ...content.before, id: undefined };
	const all = { summit, release: number, released_at, reason, texts, targets, ...content, before };
	return JSON.stringify(all, null, '\t');
}
