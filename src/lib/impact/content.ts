/*
 * The numbers of an impact report, made from the exact counts by the rules of the figures: no group below the threshold
 * is named or can be computed, not by subtracting, not from the released figures of registrations, and not by comparing
 * two releases. No I/O.
 */
import type { ImpactContent, ImpactCounts, ImpactIndicator, ImpactRow } from '#lib/database/answers/impact.ts';
import { shownResults } from '#lib/evaluation/results.ts';
import { dayKey } from '#lib/i18n/time.ts';
import { sectors } from '#lib/members/member.ts';
import { regions } from '#lib/members/regions.ts';
import { namedGroups } from '#lib/registration/suppression.ts';
import { commitmentIndicators } from './commitments.ts';
import type { IndicatorKey } from './indicators.ts';

/** What the numbers are made from, and the day of their count by the clock of the venue. */
interface Counting {
	counts: ImpactCounts;
	on: string;
}

const domains = { sector: sectors, region: regions } as const;

const shownOf = ({ counts: { shown } }: Counting, key: string) => shown?.find((one) => one.key === key);

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

/** The groups of one dimension that may be named, of those that the released figures name too. */
function groupRows(counting: Counting, key: string, dimension: 'sector' | 'region'): ImpactRow[] {
	const { counts, on } = counting;
	const threshold = counts.smallest_group;
	const inFigures = new Set(
		counts.figures?.content.tables.find((table) => table.dimension === dimension)?.rows.map(({ value }) => value)
	);
	const earlier = shownOf(counting, key)?.rows.filter((row) => row.dimension === dimension) ?? [];
	const groups = countsOf(counting, key, dimension);
	const family = { groups, domain: domains[dimension] };
	const named = [...namedGroups(family, threshold, new Set(earlier.map((row) => row.key)))].filter((value) =>
		inFigures.has(value)
	);
	const rows = named.map((value) => {
		const count = groups.find((group) => group.value === value)?.count ?? 0;
		const shown = wholeGroups(
			count,
			on,
			threshold,
			earlier.find((row) => row.key === value)
		);
		return rowOf(dimension, value, shown.value, shown.on);
	});
	// A group that was once named and may not be updated keeps its number with its date.
	return [...rows, ...earlier.filter((row) => row.value >= threshold && !named.includes(row.key))];
}

/** An indicator that counts people or what they did. */
function peopleIndicator(counting: Counting, key: IndicatorKey, makeRows: () => ImpactRow[]): ImpactIndicator {
	const { counts, on } = counting;
	const total = countOf(counting, key);
	if (total < counts.smallest_group) return { key, value: null, on, of_people: true, rows: [] };
	return {
		key,
		...wholeGroups(total, on, counts.smallest_group, shownOf(counting, key)),
		of_people: true,
		rows: makeRows()
	};
}

/** The numbers of single days, or of one answer: each by itself, because they do not add up to a shown total. */
function singleRows(counting: Counting, key: string, dimension: string, only?: string): ImpactRow[] {
	const { counts, on } = counting;
	const earlier = shownOf(counting, key)?.rows ?? [];
	return countsOf(counting, key, dimension)
		.filter(({ value, count }) => (only === undefined || value === only) && count >= counts.smallest_group)
		.map(({ value, count }) => {
			const before = earlier.find((row) => row.dimension === dimension && row.key === value);
			const shown = wholeGroups(count, on, counts.smallest_group, before);
			return rowOf(dimension, value ?? '', shown.value, shown.on);
		})
		.sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** The registrations as the figures were released. */
function confirmed({ counts: { figures }, on }: Counting): ImpactIndicator {
	const total = figures?.content.total ?? null;
	return {
		key: 'confirmed' satisfies IndicatorKey,
		value: total?.count ?? null,
		on: total?.on ?? on,
		of_people: true,
		rows: (figures?.content.tables ?? [])
			.filter(({ dimension }) => dimension !== 'category')
			.flatMap(({ dimension, rows }) => rows.map((row) => rowOf(dimension, row.value, row.count, row.on)))
	};
}

/** The average time in sessions, to two significant figures, of two groups at least. */
function minutes(counting: Counting): ImpactIndicator {
	const { counts, on } = counting;
	const people = countOf(counting, 'minutes', 'people');
	const average = Number((countOf(counting, 'minutes', 'sum') / Math.max(1, people)).toPrecision(2));
	return {
		key: 'minutes' satisfies IndicatorKey,
		value: people >= 2 * counts.smallest_group ? average : null,
		on,
		of_people: false,
		rows: []
	};
}

/** What everybody registered sees in the programme: exact. */
function programmeIndicator(counting: Counting, key: IndicatorKey): ImpactIndicator {
	const { on } = counting;
	const rows = countsOf(counting, key, 'language').map(({ value, count }) => rowOf('language', value ?? '', count, on));
	return { key, value: countOf(counting, key), on, of_people: false, rows };
}

/** The survey about the Summit, as its results are shown to organisers. */
function feedback({ counts: { survey }, on }: Counting): ImpactIndicator[] {
	const scales = survey ? shownResults(survey).filter(({ average }) => average !== null) : [];
	return [
		{
			key: 'feedback_answers' satisfies IndicatorKey,
			value: survey?.answered ?? null,
			on,
			of_people: true,
			rows: []
		},
		{
			key: 'feedback' satisfies IndicatorKey,
			value: null,
			on,
			of_people: false,
			rows: scales.map(({ key, label, average }) => ({
				...rowOf('question', key, average?.value ?? 0, on),
				label
			}))
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
	const single = (key: IndicatorKey, dimension: string) =>
		peopleIndicator(counting, key, () => singleRows(counting, key, dimension, 'yes'));
	return [
		programmeIndicator(counting, 'sessions'),
		programmeIndicator(counting, 'documents'),
		programmeIndicator(counting, 'recordings'),
		minutes(counting),
		confirmed(counting),
		grouped('members'),
		peopleIndicator(counting, 'countries', () => []),
		grouped('attended_hall', () => singleRows(counting, 'attended_hall', 'day')),
		grouped('attended_online', () => singleRows(counting, 'attended_online', 'day')),
		programmeIndicator(counting, 'languages'),
		single('questions', 'answered'),
		programmeIndicator(counting, 'captioned'),
		programmeIndicator(counting, 'content_notes'),
		single('needs', 'met'),
		...commitmentIndicators(counts, on),
		...feedback(counting)
	];
}

/**
 * The numbers of a Summit as a release freezes them at a moment (milliseconds), beside those of the edition before: as
 * they were released there, or else made from its counts.
 */
export function contentOf(counts: ImpactCounts, earlier: ImpactCounts | null, now: number): ImpactContent {
	const on = dayKey(now, counts.zone);
	const { before, figures, smallest_group: threshold } = counts;
	const own = { threshold, on, figures: figures?.number ?? null, indicators: indicatorsOf(counts, on) };
	if (!before) return { ...own, before: null };
	const { id, slug, name, release } = before;
	const day = earlier ? dayKey(now, earlier.zone) : on;
	const shown = release ?? { number: null, on: day, indicators: earlier ? indicatorsOf(earlier, day) : [] };
	return { ...own, before: { id, slug, name, ...shown } };
}
