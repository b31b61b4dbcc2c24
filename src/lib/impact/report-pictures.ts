/* Which pictures each objective has, and the tables beside them. No I/O. */
import type { ImpactContent, ImpactRow } from '#lib/database/answers/impact.ts';
import { joinLabel } from '#lib/i18n/list.ts';
import { m } from '#lib/i18n/messages.ts';
import { number, utcDate } from '#lib/i18n/time.ts';
import type { IndicatorKey, Objective } from './indicators.ts';
import { circlesOf, type Circle } from '#lib/members/world.ts';
import { linePath } from './pictures.ts';
import { dimensionWords, indicatorWords, rowWord } from './words.ts';

/** A row of the table beside a picture. */
interface PictureRow {
	label: string;
	/** One for each column; '' where nothing is shown. */
	values: string[];
	/** The length of its bar, in percent. */
	share: number;
}

/** A picture with its table: bars beside the rows, circles on a map, or lines. */
export interface ReportPicture {
	kind: 'bars' | 'map' | 'lines';
	title: string;
	/** The head of the first column, and of each number. */
	head: string;
	columns: string[];
	rows: PictureRow[];
	circles: Circle[];
	lines: { name: string; path: string }[];
}

type RowPick = readonly [key: IndicatorKey, dimension: string];

const indicatorOf = (content: ImpactContent, key: IndicatorKey, before = false) =>
	((before ? content.before?.indicators : content.indicators) ?? []).find((one) => one.key === key);

const rowsOf = (content: ImpactContent, [key, dimension]: RowPick, before = false): ImpactRow[] =>
	indicatorOf(content, key, before)?.rows.filter((row) => row.dimension === dimension) ?? [];

/** Whether two rows count the same; a question whose words were changed is another one. */
export const isSameRow = (a: ImpactRow, b: ImpactRow): boolean =>
	a.dimension === b.dimension &&
	a.key === b.key &&
	(a.dimension !== 'question' || JSON.stringify(a.label) === JSON.stringify(b.label));

/** Bars, or a map: the rows of one dimension, beside those of the edition before. */
function groups(content: ImpactContent, kind: 'bars' | 'map', pick: RowPick, full?: number): ReportPicture[] {
	const [key, dimension] = pick;
	const rows = rowsOf(content, pick).toSorted((a, b) => b.value - a.value);
	// One group alone is no comparison.
	if (rows.length < 2) return [];
	const counted = indicatorOf(content, key)?.on;
	const before = rowsOf(content, pick, true);
	const earlier = new Map(rows.map((row) => [row.key, before.find((was) => isSameRow(was, row))?.value]));
	const hasEarlier = [...earlier.values()].some((value) => value !== undefined);
	const most = full ?? Math.max(1, ...rows.map(({ value }) => value));
	const name = indicatorWords[key].name();
	const title = dimensionWords[dimension];
	// Averages have one decimal, also a whole one.
	const isAverage = dimension === 'question';
	const word = (value: number) => number(value, isAverage ? { minimumFractionDigits: 1 } : {});
	return [
		{
			kind,
			title: title ? joinLabel(name, title()) : name,
			head: title?.() ?? m.evaluation_questions(),
			columns: [m.impact_value(), ...(hasEarlier ? [m.impact_before()] : [])],
			rows: rows.map((row) => {
				const was = earlier.get(row.key);
				const dated = row.on === counted ? '' : ` (${m.registration_figures_dated({ date: utcDate(row.on) })})`;
				return {
					label: rowWord(row) + dated,
					values: [word(row.value), ...(hasEarlier ? [was === undefined ? '' : word(was)] : [])],
					share: (row.value / most) * 100
				};
			}),
			circles: kind === 'map' ? circlesOf(rows) : [],
			lines: []
		}
	];
}

/** Lines over the same days. */
function lines(
	content: ImpactContent,
	title: string,
	picks: readonly { pick: RowPick; name: string }[]
): ReportPicture[] {
	const series = picks.map(({ pick, name }) => ({ name, rows: rowsOf(content, pick) }));
	const days = [...new Set(series.flatMap(({ rows }) => rows.map(({ key }) => key)))].sort();
	if (days.length < 2) return [];
	const valueOn = (rows: ImpactRow[], on: string) => rows.find(({ key }) => key === on)?.value ?? null;
	const most = Math.max(1, ...series.flatMap(({ rows }) => rows.map(({ value }) => value)));
	return [
		{
			kind: 'lines',
			title,
			head: m.impact_day(),
			columns: series.map(({ name }) => name),
			rows: days.map((on) => ({
				label: utcDate(on),
				values: series.map(({ rows }) => {
					const value = valueOn(rows, on);
					return value === null ? '' : number(value);
				}),
				share: 0
			})),
			circles: [],
			lines: series.map(({ name, rows }) => ({
				name,
				path: linePath(
					days.map((on) => valueOn(rows, on)),
					most
				)
			}))
		}
	];
}

const makers: Record<Objective, (content: ImpactContent) => ReportPicture[]> = {
	knowledge: () => [],
	collaboration: (content) => [
		...groups(content, 'bars', ['confirmed', 'sector']),
		...groups(content, 'bars', ['confirmed', 'region']),
		...groups(content, 'map', ['confirmed', 'country']),
		...groups(content, 'bars', ['members', 'sector']),
		...groups(content, 'bars', ['members', 'region']),
		...lines(content, joinLabel(m.registration_figures_by_mode(), m.impact_by_day()), [
			{ pick: ['attended_hall', 'day'], name: m.impact_attended_hall() },
			{ pick: ['attended_online', 'day'], name: m.impact_attended_online() }
		]),
		...groups(content, 'bars', ['attended_hall', 'sector']),
		...groups(content, 'bars', ['attended_hall', 'region']),
		...groups(content, 'bars', ['attended_hall', 'language']),
		...groups(content, 'bars', ['attended_online', 'sector']),
		...groups(content, 'bars', ['attended_online', 'region']),
		...groups(content, 'bars', ['attended_online', 'language']),
		...groups(content, 'bars', ['languages', 'language'])
	],
	empowerment: () => [],
	advocacy: (content) => [
		...groups(content, 'bars', ['commitments', 'theme']),
		...groups(content, 'bars', ['commitments', 'status']),
		...groups(content, 'map', ['commitments', 'country']),
		...lines(content, m.impact_course(), [
			{ pick: ['commitments', 'announced'], name: m.commitments_announced() },
			{ pick: ['commitments', 'delivered'], name: m.commitments_delivered() }
		])
	],
	learning: (content) => groups(content, 'bars', ['feedback', 'question'], 5)
};

/** The pictures of an objective, of those that have something to show. */
export const picturesOf = (content: ImpactContent, objective: Objective): ReportPicture[] => makers[objective](content);
