/* Every number of a released report as a table and as JSON, for other programs. No I/O. */
import type { ImpactIndicator, ImpactReport } from '#lib/database/answers/impact.ts';
import { writeCsv, type CsvCell } from '#lib/files/csv.ts';
import { indicatorKeys, type IndicatorKey } from './indicators.ts';
import { dimensionWords, indicatorWords, rowWord } from './words.ts';

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
	'how_counted'
];

const isKnown = (key: string): key is IndicatorKey => indicatorKeys.some((known) => known === key);

function linesOf(one: ImpactIndicator, { targets, content }: ImpactReport): CsvCell[][] {
	if (!isKnown(one.key)) return [];
	const words = indicatorWords[one.key];
	const before = content.before?.indicators.find(({ key }) => key === one.key);
	const about = [words.source(), words.how()];
	return [
		[one.key, '', '', words.name(), one.value, one.on, before?.value, targets[one.key], ...about],
		...one.rows.map((row) => {
			const was = before?.rows.find(({ dimension, key }) => dimension === row.dimension && key === row.key);
			const label = row.dimension in dimensionWords || row.label ? rowWord(row) : row.key;
			return [one.key, row.dimension, row.key, label, row.value, row.on, was?.value, '', ...about];
		})
	];
}

/** The numbers as a table; words are in the language of the page. An empty value is suppressed. */
export const impactCsv = (report: ImpactReport): string =>
	writeCsv([columns, ...report.content.indicators.flatMap((one) => linesOf(one, report))]);

/** The whole release as it was frozen. */
export function impactJson(report: ImpactReport, summit: string): string {
	const { number, released_at, reason, texts, targets, content } = report;
	return JSON.stringify({ summit, release: number, released_at, reason, texts, targets, ...content }, null, '\t');
}
