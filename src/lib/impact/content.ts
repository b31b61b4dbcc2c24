/*
 * The numbers of an impact report, made from the exact counts by the rules of the figures: no group below the threshold
 * is named or can be computed, not by subtracting, not from the released figures of registrations, and not by comparing
 * two releases. No I/O.
 */
import type { ImpactContent, ImpactCounts, ImpactIndicator, ImpactRow } from '#lib/database/answers/impact.ts';
import { shownResults } from '#lib/evaluation/results.ts';
import { locales } from '#lib/i18n/locale.ts';
import { dayKey } from '#lib/i18n/time.ts';
import { sectors } from '#lib/members/member.ts';
import { regions } from '#lib/members/regions.ts';
import { namedGroups } from '#lib/registration/suppression.ts';
import { commitmentIndicators } from './commitments.ts';
import type { IndicatorKey } from './indicators.ts';
import { howTexts } from './words.ts';

/** What the numbers are made from, and the day of their count by the clock of the venue. */
interface Counting {
	counts: ImpactCounts;
	on: string;
}

const domains = { sector: sectors, region: regions } as const;

const nothing = (key: string, on: string, of_people = true): ImpactIndicator => ({
	key,
	value: null,
	on,
	of_people,
	rows: []
});

/** An indicator as it was last released, with its dates, as far as it names no group below the present threshold. */
function released({ counts: { shown, smallest_group } }: Counting, key: string): ImpactIndicator | undefined {
	const one = shown?.find((earlier) => earlier.key === key);
	if (!one?.of_people) return one;
	if (one.value === null || one.value < smallest_group) return undefined;
	return { ...one, rows: one.rows.filter(({ value }) => value >= smallest_group) };
}

const rowOf = (dimension: string, key: string, value: number, on: string): ImpactRow => ({
	dimension,
	key,
	label: null,
	value,
	on
});

/**
 * A number of people as a report shows it: in whole groups, rounded down, so that it never says how many few are the
 * difference to another number. After an earlier release it changes only by more than a group.
 */
export function wholeGroups(
	count: number,
	on: string,
	threshold: number,
	before: { value: number | null; on: string } | undefined
): { value: number; on: string } {
	const value = count - (count % threshold);
	return before && before.value !== null && before.value >= threshold && Math.abs(value - before.value) < 2 * threshold
		? { value: before.value, on: before.on }
		: { value, on };
}

const countsOf = ({ counts }: Counting, key: string, dimension: string) =>
	[...counts.people, ...counts.programme].filter((one) => one.indicator === key && one.dimension === dimension);

const countOf = (counting: Counting, key: string, dimension = '', value = '') =>
	countsOf(counting, key, dimension).find((one) => one.value === value)?.count ?? 0;

/** Whether a count is of fewer different people than may be named; of what each does once, they are as many as it says. */
const isSmall = ({ count, people = count }: { count: number; people?: number | undefined }, threshold: number) =>
	Math.min(count, people) < threshold;

/** The registrations that the figures name: all, or those of a group. */
const figureOf = ({ counts: { figures } }: Counting, dimension = '', value = '') =>
	dimension === ''
		? figures?.content.total?.count
		: figures?.content.tables.find((table) => table.dimension === dimension)?.rows.find((row) => row.value === value)
				?.count;

/**
 * Groups of those who came, lowered together by as much as their total is, the greatest first: added up, they say no more
 * than it does.
 */
export function loweredGroups(rows: readonly { value: string; count: number }[], by: number): typeof rows {
	let left = by;
	const lowered = [...rows]
		.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
		.map(({ value, count }) => {
			const less = Math.min(count, left);
			left -= less;
			return [value, count - less] as const;
		});
	const counts = new Map(lowered);
	return rows.map(({ value }) => ({ value, count: counts.get(value) ?? 0 }));
}

/**
 * A number of people who came, so far below the exact number of those registered that the two together do not say how
 * few stayed away.
 */
export const belowFigure = (count: number, figure: number | undefined, threshold: number): number =>
	figure === undefined ? count : Math.min(count, figure - 2 * threshold);

const isAttendance = (key: string) => key === 'attended_hall' || key === 'attended_online';

/** The people who came, on one day or on any, below all registered; in the hall, below those registered for it too. */
function belowFigures(counting: Counting, key: string, count: number): number {
	if (!isAttendance(key)) return count;
	const threshold = counting.counts.smallest_group;
	const below = belowFigure(count, figureOf(counting), threshold);
	// Who is registered for the hall may watch a stream too.
	return key === 'attended_hall' ? belowFigure(below, figureOf(counting, 'mode', 'in_person'), threshold) : below;
}

/** The groups of one dimension that may be named, of those that the released figures name too. */
function groupRows(counting: Counting, key: string, dimension: 'sector' | 'region'): ImpactRow[] {
	const { counts, on } = counting;
	const threshold = counts.smallest_group;
	const inFigures = new Set(
		counts.figures?.content.tables.find((table) => table.dimension === dimension)?.rows.map(({ value }) => value)
	);
	const earlier = released(counting, key)?.rows.filter((row) => row.dimension === dimension) ?? [];
	const groups = countsOf(counting, key, dimension);
	const family = { groups, domain: domains[dimension] };
	const named = [...namedGroups(family, threshold, new Set(earlier.map((row) => row.key)))].filter((value) =>
		inFigures.has(value)
	);
	const rows = named.map((value) => {
		const count = groups.find((group) => group.value === value)?.count ?? 0;
		const figure = isAttendance(key) ? figureOf(counting, dimension, value) : undefined;
		const before = earlier.find((row) => row.key === value);
		const shown = wholeGroups(belowFigure(count, figure, threshold), on, threshold, before);
		return rowOf(dimension, value, shown.value, shown.on);
	});
	return withEarlier(rows, earlier, threshold);
}

/**
 * The languages of those who came that may be named. The released figures do not have them, so nothing is known of how many
 * registered in each.
 */
function languageRows(counting: Counting, key: string): ImpactRow[] {
	const { counts, on } = counting;
	const threshold = counts.smallest_group;
	const earlier = released(counting, key)?.rows.filter((row) => row.dimension === 'language') ?? [];
	const groups = countsOf(counting, key, 'language');
	const total = countOf(counting, key);
	const named = namedGroups({ groups, domain: locales }, threshold, new Set(earlier.map((row) => row.key)));
	const came = groups.flatMap(({ value, count }) => (value !== null && named.has(value) ? [{ value, count }] : []));
	const rows = loweredGroups(came, total - belowFigures(counting, key, total)).map(({ value, count }) => {
		const before = earlier.find((row) => row.key === value);
		const shown = wholeGroups(count, on, threshold, before);
		return rowOf('language', value, shown.value, shown.on);
	});
	return counts.figures ? withEarlier(rows, earlier, threshold) : earlier;
}

/** The rows that may be named; what was once named and may not be updated keeps its number with its date. */
function withEarlier(rows: readonly ImpactRow[], earlier: readonly ImpactRow[], threshold: number): ImpactRow[] {
	const named = rows.filter(({ value }) => value >= threshold);
	return [...named, ...earlier.filter(({ key }) => !named.some((row) => row.key === key))];
}

/** An indicator that counts people or what they did. */
function peopleIndicator(counting: Counting, key: IndicatorKey, makeRows: () => ImpactRow[]): ImpactIndicator {
	const { counts, on } = counting;
	const threshold = counts.smallest_group;
	const earlier = released(counting, key);
	const total = countsOf(counting, key, '').find(({ value }) => value === '');
	if (!total || isSmall(total, threshold)) return earlier ?? nothing(key, on);
	const shown = wholeGroups(belowFigures(counting, key, total.count), on, threshold, earlier);
	if (shown.value < threshold) return earlier ?? nothing(key, on);
	return { key, ...shown, of_people: true, rows: makeRows() };
}

/** The numbers of single days, or of one answer: each by itself, because they do not add up to a shown total. */
function singleRows(counting: Counting, key: string, dimension: string, only?: string): ImpactRow[] {
	const { counts, on } = counting;
	const threshold = counts.smallest_group;
	const earlier = (released(counting, key)?.rows ?? []).filter((row) => row.dimension === dimension);
	const rows = countsOf(counting, key, dimension)
		.filter((one) => (only === undefined || one.value === only) && !isSmall(one, threshold))
		.map(({ value, count }) => {
			const before = earlier.find((row) => row.key === value);
			const shown = wholeGroups(belowFigures(counting, key, count), on, threshold, before);
			return rowOf(dimension, value ?? '', shown.value, shown.on);
		});
	return withEarlier(rows, earlier, threshold).sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** The registrations as the figures were released, without what the present threshold does not allow. */
function confirmed(counting: Counting): ImpactIndicator {
	const { counts, on } = counting;
	const key: IndicatorKey = 'confirmed';
	const { total = null, tables = [] } = counts.figures?.content ?? {};
	if (!total || total.count < counts.smallest_group) return released(counting, key) ?? nothing(key, on);
	return {
		key,
		value: total.count,
		on: total.on,
		of_people: true,
		rows: tables
			.filter(({ dimension }) => dimension !== 'category')
			.flatMap(({ dimension, rows }) => rows.map((row) => rowOf(dimension, row.value, row.count, row.on)))
			.filter(({ value }) => value >= counts.smallest_group)
	};
}

/** An average of minutes, to two significant figures. */
const averageOf = (sum: number, people: number) => Number((sum / people).toPrecision(2));

/**
 * The average time in sessions, of two groups at least, and that in the hall and on streams: these two only where each is
 * of as many people, or of none, because the total less one of them is the other; else they stay as they were released. The minutes of recordings are in no
 * total, and are those of each person who watched one.
 */
function minutes(counting: Counting): ImpactIndicator {
	const { counts, on } = counting;
	const key: IndicatorKey = 'minutes';
	const least = 2 * counts.smallest_group;
	const peopleIn = (place: string) => countOf(counting, key, 'people', place);
	const sumIn = (place: string) => countOf(counting, key, 'sum', place);
	const people = peopleIn('');
	if (people < least) return released(counting, key) ?? nothing(key, on, false);
	const parts = ['hall', 'stream'].filter((place) => peopleIn(place) > 0);
	const rows = parts.every((place) => peopleIn(place) >= least)
		? parts.map((place) => rowOf('place', place, averageOf(sumIn(place), people), on))
		: (released(counting, key)?.rows.filter(({ key: place }) => place !== 'watched') ?? []);
	const watchers = peopleIn('watched');
	if (watchers >= least) rows.push(rowOf('place', 'watched', averageOf(sumIn('watched'), watchers), on));
	return { key, value: averageOf(sumIn(''), people), on, of_people: false, rows };
}

/** What everybody registered sees in the programme: exact. */
function programmeIndicator(counting: Counting, key: IndicatorKey): ImpactIndicator {
	const { on } = counting;
	const rows = countsOf(counting, key, 'language')
		.map(({ value, count }) => rowOf('language', value ?? '', count, on))
		.sort((a, b) => b.value - a.value || (a.key < b.key ? -1 : 1));
	return { key, value: countOf(counting, key), on, of_people: false, rows };
}

/** The survey about the Summit, by its own threshold or the present one, whichever is the greater. */
function feedback(counting: Counting): ImpactIndicator[] {
	const { counts, on } = counting;
	const { survey } = counts;
	const threshold = Math.max(counts.smallest_group, survey?.smallest_group ?? 0);
	const keys: IndicatorKey[] = ['feedback_answers', 'feedback'];
	if (!survey || survey.answered < threshold)
		return keys.map((key) => released(counting, key) ?? nothing(key, on, key === 'feedback_answers'));
	const scales = shownResults({ ...survey, smallest_group: threshold });
	return [
		{
			key: 'feedback_answers' satisfies IndicatorKey,
			...wholeGroups(survey.answered, on, threshold, released(counting, 'feedback_answers')),
			of_people: true,
			rows: []
		},
		{
			...nothing('feedback' satisfies IndicatorKey, on, false),
			rows: scales.flatMap(({ key, label, average }) =>
				average ? [{ ...rowOf('question', key, average.value, on), label }] : []
			)
		}
	];
}

/** Every indicator of a Summit, from its exact counts. */
export function indicatorsOf(counts: ImpactCounts, on: string): ImpactIndicator[] {
	const counting = { counts, on };
	const grouped = (key: IndicatorKey, more: () => ImpactRow[] = () => []) =>
		peopleIndicator(counting, key, () => [
			...groupRows(counting, key, 'sector'),
			...groupRows(counting, key, 'region'),
			...more()
		]);
	const attendance = (key: 'attended_hall' | 'attended_online') =>
		grouped(key, () => [...languageRows(counting, key), ...singleRows(counting, key, 'day')]);
	const single = (key: IndicatorKey, dimension: string) =>
		peopleIndicator(counting, key, () => singleRows(counting, key, dimension, 'yes'));
	const all = [
		programmeIndicator(counting, 'sessions'),
		programmeIndicator(counting, 'documents'),
		// Nothing is known of how many people opened them: they count as if each did so once.
		peopleIndicator(counting, 'documents_opened', () => []),
		programmeIndicator(counting, 'recordings'),
		minutes(counting),
		confirmed(counting),
		grouped('members'),
		peopleIndicator(counting, 'countries', () => []),
		attendance('attended_hall'),
		attendance('attended_online'),
		programmeIndicator(counting, 'languages'),
		single('questions', 'answered'),
		programmeIndicator(counting, 'captioned'),
		programmeIndicator(counting, 'content_notes'),
		single('needs', 'met'),
		...commitmentIndicators(counts, on),
		...feedback(counting)
	];
	// Rows that are deleted by now are not counted: the number stays as it was released while they were there.
	return all.map((one) =>
		counts.expired.includes(one.key) ? (released(counting, one.key) ?? nothing(one.key, on, one.of_people)) : one
	);
}

/**
 * Whether more people are confirmed than the released figures say, so that new ones would say so: what people did stays
 * below the figures, and would be shown too low.
 */
export const hasOldFigures = ({ figures, confirmed, smallest_group }: ImpactCounts): boolean =>
	figures !== null && confirmed - (figures.content.total?.count ?? 0) >= smallest_group;

/**
 * The numbers of a Summit as a release freezes them at a moment (milliseconds), beside those that were released about the
 * edition before. Without such a report there is no comparison: its organisers have not released its numbers.
 */
export function contentOf(counts: ImpactCounts, now: number): ImpactContent {
	const on = dayKey(now, counts.zone);
	const { before, figures, smallest_group: threshold } = counts;
	return {
		threshold,
		on,
		figures: figures?.number ?? null,
		indicators: indicatorsOf(counts, on),
		how: howTexts(),
		before: before?.release ? { id: before.id, slug: before.slug, name: before.name, ...before.release } : null
	};
}
