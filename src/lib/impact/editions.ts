/* Editions of the Summit side by side: tables of released numbers, and how registrations came in. No I/O. */
import type { ComparedEdition } from '#lib/database/answers/impact.ts';
import { compareNames } from '#lib/i18n/list.ts';
import { text } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { number } from '#lib/i18n/time.ts';
import { groupWord, dimensionTitle } from '#lib/registration/figure-words.ts';
import type { ReleasedDimension } from '#lib/registration/figures.ts';
import { frame, objectives } from './indicators.ts';
import { linePath } from './pictures.ts';
import type { ReportPicture } from './report-pictures.ts';
import { valueWord } from './view.ts';
import { indicatorWords, objectiveWords } from './words.ts';

/** One number of each edition, in their order; '' where none was released. */
export interface EditionRow {
	key: string;
	label: string;
	/** The share is of all confirmed of that edition. */
	cells: { value: string; share: string }[];
}

/** Rows of one kind. */
export interface EditionTable {
	key: string;
	title: string;
	rows: EditionRow[];
}

/** The most editions side by side: more do not fit a page. */
export const mostEditions = 4;

/**
 * The editions to show, of those that can be compared: the own one first, then those whose slugs were chosen; by default the
 * edition before it and the latest other that is earlier.
 */
export function chosenEditions(editions: readonly ComparedEdition[], slugs: readonly string[]): ComparedEdition[] {
	const own = editions.filter(({ is_own }) => is_own);
	const others = editions.filter(({ is_own }) => !is_own);
	const start = own[0]?.starts_on ?? '';
	const chosen =
		slugs.length > 0
			? others.filter(({ slug }) => slugs.includes(slug)).slice(0, mostEditions - 1)
			: others
					.filter(({ starts_on }) => starts_on < start)
					.sort((a, b) => Number(b.is_before) - Number(a.is_before))
					.slice(0, 2);
	return [...own, ...chosen];
}

const dimensions: readonly ReleasedDimension[] = ['mode', 'category', 'sector', 'region', 'country'];

const none = { value: '', share: '' };

/** The confirmed of each edition, as last released, in total and by group; a group that was named nowhere has no row. */
export function figureTables(editions: readonly ComparedEdition[]): EditionTable[] {
	const rowsOf = (edition: ComparedEdition, dimension: ReleasedDimension) =>
		edition.figures?.content.tables.find((table) => table.dimension === dimension)?.rows ?? [];
	const tables = dimensions.map((dimension) => {
		const values = [...new Set(editions.flatMap((edition) => rowsOf(edition, dimension).map(({ value }) => value)))];
		const rows = values
			.map((value) => {
				const counts = editions.map(
					(edition) => rowsOf(edition, dimension).find((row) => row.value === value)?.count ?? null
				);
				return { value, counts, label: groupWord(dimension, value) };
			})
			.sort(
				(a, b) =>
					Math.max(...b.counts.map((count) => count ?? 0)) - Math.max(...a.counts.map((count) => count ?? 0)) ||
					compareNames(a.label, b.label)
			)
			.map(({ value, counts, label }) => ({
				key: value,
				label,
				cells: counts.map((count, index) => {
					if (count === null) return none;
					const total = editions[index]?.figures?.content.total?.count ?? 0;
					return { value: number(count), share: total > 0 ? number(count / total, { style: 'percent' }) : '' };
				})
			}));
		return { key: dimension, title: dimensionTitle(dimension), rows };
	});
	const total: EditionTable = {
		key: 'total',
		title: m.registration_figures_total(),
		rows: [
			{
				key: 'total',
				label: m.registration_figures_total(),
				cells: editions.map(({ figures }) =>
					figures?.content.total ? { value: number(figures.content.total.count), share: '' } : none
				)
			}
		]
	};
	return [total, ...tables].filter(({ rows }) => rows.some(({ cells }) => cells.some(({ value }) => value !== '')));
}

/** The indicators of each edition's last impact report, by objective. */
export function outcomeTables(editions: readonly ComparedEdition[]): EditionTable[] {
	return objectives
		.map((objective) => ({
			key: objective,
			title: objectiveWords[objective](),
			rows: frame[objective]
				// What the survey asked differs from edition to edition.
				.filter((key) => key !== 'feedback')
				.map((key) => ({
					key,
					label: indicatorWords[key].name(),
					cells: editions.map(({ indicators }) => {
						const found = indicators?.find((indicator) => indicator.key === key);
						return found && found.value !== null ? { value: valueWord(found), share: '' } : none;
					})
				}))
				.filter(({ cells }) => cells.some(({ value }) => value !== ''))
		}))
		.filter(({ rows }) => rows.length > 0);
}

/** The days before a Summit that the table beside the lines names. */
const milestones = [270, 180, 120, 90, 60, 45, 30, 21, 14, 7, 3, 0];

/**
 * How many registrations had been sent by each day before the Summit, of the editions whose pace the reader may see; null
 * when no registration was sent before the day of the Summit.
 */
export function pacePicture(editions: readonly ComparedEdition[]): ReportPicture | null {
	const series = editions.flatMap(({ name, pace, today }) =>
		pace && pace.length > 0 ? [{ name: text(name).text, pace, today }] : []
	);
	const firstDays = series.map(({ pace }) => pace[0]?.before ?? 0);
	const from = Math.min(Math.max(0, ...firstDays), 366);
	if (from < 1) return null;
	// Days that have not come yet have no count.
	const sentBy = ({ pace, today }: (typeof series)[number], before: number) =>
		before < today ? null : pace.filter((day) => day.before >= before).reduce((sum, { sent }) => sum + sent, 0);
	const days = Array.from({ length: from + 1 }, (_, index) => from - index);
	const counts = series.map((one) => days.map((before) => sentBy(one, before)));
	const most = Math.max(1, ...counts.flat().map((count) => count ?? 0));
	const shown = [...new Set([from, ...milestones.filter((before) => before < from)])];
	return {
		kind: 'lines',
		title: m.impact_editions_pace(),
		head: m.impact_editions_before_start(),
		columns: series.map(({ name }) => name),
		rows: shown.map((before) => ({
			label: number(before),
			values: counts.map((of) => {
				const count = of[from - before] ?? null;
				return count === null ? '' : number(count);
			}),
			share: 0
		})),
		circles: [],
		lines: series.map(({ name }, index) => ({ name, path: linePath(counts[index] ?? [], most) }))
	};
}
