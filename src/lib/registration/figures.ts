/* Figures of registrations: exact ones for organisers, and what may be released of them. No I/O. */
import { sectors } from '#lib/members/member.ts';
import { regions } from '#lib/members/regions.ts';
import { categories, modes } from './registration.ts';
import { counted, namedGroups, type Counted, type Group } from './suppression.ts';

/** By what registrations are counted. */
export const dimensions = ['mode', 'category', 'sector', 'region', 'country', 'state'] as const;
export type Dimension = (typeof dimensions)[number];

/** How far people are, from the form begun to the end. */
export const stages = ['begun', 'review', 'payment', 'confirmed', 'ended'] as const;
export type Stage = (typeof stages)[number];

/** One group with its people by stage; a value of null is not stated. `decide`: of those in review, what the desk has to decide. */
export type FigureGroup = { dimension: Dimension; value: string | null; decide: number } & Record<Stage, number>;

/** What is counted for releases: the confirmed, those who are guarded in totals alone. */
export interface OutwardGroup {
	dimension: 'total' | 'mode' | 'category' | 'sector' | 'region' | 'country';
	/** What a country lies in (its region), or a sector is a part of (the delegates); else ''. */
	family: string;
	value: string | null;
	count: number;
}

/** Exact figures of a Summit. */
export interface Figures {
	smallest_group: number;
	groups: FigureGroup[];
	/** Days by the venue's clock with what was sent and what became confirmed on each. */
	days: { day: string; sent: number; confirmed: number }[];
	outward: OutwardGroup[];
}

/** One released figure. */
interface ReleasedRow extends Counted {
	family: string;
	value: string;
}

/** Figures as they leave the organisers: nothing in them is a small group, and nothing small can be worked out. */
export interface ReleasedFigures {
	threshold: number;
	total: Counted | null;
	tables: { dimension: ReleasedDimension; rows: ReleasedRow[] }[];
}

/** What a release tells by. */
export const releasedDimensions = ['mode', 'category', 'sector', 'region', 'country'] as const;
export type ReleasedDimension = (typeof releasedDimensions)[number];

const size = (groups: readonly Group[]) => groups.reduce((total, { count }) => total + count, 0);

interface Making {
	outward: readonly OutwardGroup[];
	threshold: number;
	before: ReleasedFigures | null;
	on: string;
}

/** The rows of one table: of each family those that may be named, and the earlier ones that still stand as they were counted. */
function rowsOf(
	{ threshold, before, on }: Making,
	dimension: ReleasedDimension,
	families: readonly { family: string; groups: readonly Group[]; domain?: readonly string[] }[]
): { rows: ReleasedRow[]; named: Set<string> } {
	const earlier = (before?.tables.find((table) => table.dimension === dimension)?.rows ?? []).filter(
		({ count }) => count >= threshold
	);
	const named = new Set<string>();
	const rows: ReleasedRow[] = [];
	for (const { family, groups, domain } of families) {
		const was = earlier.filter(({ value }) => groups.some((group) => group.value === value) || domain?.includes(value));
		for (const value of namedGroups(
			{ groups, ...(domain && { domain }) },
			threshold,
			new Set(was.map((row) => row.value))
		)) {
			named.add(value);
			const last = was.find((row) => row.value === value);
			const count = size(groups.filter((group) => group.value === value));
			rows.push({ family, value, ...counted(count, on, threshold, last) });
		}
	}
	// What was named once and may not be counted anew stands with the day of its count.
	return { rows: [...rows, ...earlier.filter(({ value }) => !named.has(value))], named };
}

/** What may leave the organisers now, after what left them before; null when all who are confirmed are a small group. */
export function releaseOf(
	outward: readonly OutwardGroup[],
	threshold: number,
	before: ReleasedFigures | null,
	on: string
): ReleasedFigures | null {
	const total = size(outward.filter(({ dimension }) => dimension === 'total'));
	if (total < threshold) return null;
	const making = { outward, threshold, before, on };
	const of = (dimension: OutwardGroup['dimension']) => outward.filter((group) => group.dimension === dimension);
	const whole = (dimension: ReleasedDimension, domain: readonly string[]) =>
		rowsOf(making, dimension, [{ family: '', groups: of(dimension), domain }]);
	const category = whole('category', categories);
	const region = whole('region', regions);
	const delegates = of('sector').filter(({ family }) => family === 'delegate');
	const sector = rowsOf(
		making,
		'sector',
		// Of delegates who are not named as a group their sectors are not told either.
		category.named.has('delegate') ? [{ family: 'delegate', groups: delegates, domain: sectors }] : []
	);
	// Countries of a region that is named; those of all others are one family, since only what is left of the total is known.
	const elsewhere = of('country').filter(({ family }) => !region.named.has(family));
	const unstated = of('region').filter(({ value }) => value === null);
	const country = rowsOf(making, 'country', [
		...[...region.named].map((family) => ({
			family,
			groups: of('country').filter((group) => group.family === family)
		})),
		{ family: '', groups: [...elsewhere, ...unstated] }
	]);
	return {
		threshold,
		total: counted(total, on, threshold, before?.total ?? undefined),
		tables: [
			{ dimension: 'mode', rows: whole('mode', modes).rows },
			{ dimension: 'category', rows: category.rows },
			{ dimension: 'sector', rows: sector.rows },
			{ dimension: 'region', rows: region.rows },
			{ dimension: 'country', rows: country.rows }
		]
	};
}

/** Every figure of a release as a line of its own, in one order. */
function linesOf({ total, tables }: ReleasedFigures): string {
	const rows = tables.flatMap(({ dimension, rows }) =>
		rows.map(({ value, count, on }) => [dimension, value, count, on].join(' '))
	);
	return [`total ${total?.count} ${total?.on}`, ...rows.sort()].join('\n');
}

/** Whether a release would tell anything that the one before it does not. */
export function isNews(next: ReleasedFigures | null, before: ReleasedFigures | null): boolean {
	return next !== null && (before === null || linesOf(next) !== linesOf(before));
}

/** The sums over the days: how many had sent their registration, and how many of today's confirmed were confirmed, by each day. */
export function cumulated(days: Figures['days']): { day: string; sent: number; confirmed: number }[] {
	let [sent, confirmed] = [0, 0];
	return days.map((each) => ({
		day: each.day,
		sent: (sent += each.sent),
		confirmed: (confirmed += each.confirmed)
	}));
}
