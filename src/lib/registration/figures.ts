/* Figures of registrations: exact ones for organisers, and the releasable ones. No I/O. */
import { sectors } from '#lib/members/member.ts';
import { regions } from '#lib/members/regions.ts';
import { categories, modes } from './registration.ts';
import { counted, namedGroups, type Counted, type ValueCount } from './suppression.ts';
import type { Dimension, FigureGroup, Figures, OutwardGroup } from '#lib/database/answers/registration/figures.ts';

export type { Dimension, FigureGroup, Figures, OutwardGroup } from '#lib/database/answers/registration/figures.ts';

/** The dimensions of the counts. */
export const dimensions = [
	'mode',
	'category',
	'sector',
	'region',
	'country',
	'state'
] as const satisfies readonly Dimension[];

/** The stages of a registration, from the started form to the end. */
export const stages = ['begun', 'review', 'payment', 'confirmed', 'ended'] as const;
export type RegistrationStage = (typeof stages)[number];

/** How many of a group have a seat or may get one. */
export const countAlive = ({ confirmed, review, payment }: FigureGroup): number => confirmed + review + payment;

/** One released figure. */
interface ReleasedRow extends Counted {
	family: string;
	value: string;
}

/** Figures for publication: none of them is a small group, and no small group can be computed from them. */
export interface ReleasedFigures {
	threshold: number;
	total: Counted | null;
	tables: { dimension: ReleasedDimension; rows: ReleasedRow[] }[];
}

/** The tables of a release. */
export type ReleasedDimension = Exclude<Dimension, 'state'>;

const size = (groups: readonly ValueCount[]) => groups.reduce((total, { count }) => total + count, 0);

interface Making {
	outward: readonly OutwardGroup[];
	threshold: number;
	before: ReleasedFigures | null;
	on: string;
}

/** The rows of one table: of each family those that may be named, and the earlier ones that keep their count. */
function rowsOf(
	{ threshold, before, on }: Making,
	dimension: ReleasedDimension,
	families: readonly { family: string; groups: readonly ValueCount[]; domain?: readonly string[] }[]
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
	// A group that was once named and may not be updated keeps its count with its date.
	return { rows: [...rows, ...earlier.filter(({ value }) => !named.has(value))], named };
}

/** The figures that may be published now, given the previous release; null when all confirmed together are a small group. */
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
		// If delegates are not named as a group, their sectors are not either.
		category.named.has('delegate') ? [{ family: 'delegate', groups: delegates, domain: sectors }] : []
	);
	// Countries of a named region; those of all others are one family, since only their remainder of the total is known.
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

/** Every figure of a release as one line, in a fixed order. */
function linesOf({ total, tables }: ReleasedFigures): string {
	const rows = tables.flatMap(({ dimension, rows }) =>
		rows.map(({ value, count, on }) => [dimension, value, count, on].join(' '))
	);
	return [`total ${total?.count} ${total?.on}`, ...rows.sort()].join('\n');
}

/** Whether a release would show anything that the previous one does not. */
export function isNewRelease(next: ReleasedFigures | null, before: ReleasedFigures | null): boolean {
	return next !== null && (before === null || linesOf(next) !== linesOf(before));
}

/** Cumulative sums by day: how many had submitted, and how many of today's confirmed were confirmed. */
export function cumulated(days: Figures['days']): { day: string; sent: number; confirmed: number }[] {
	let [sent, confirmed] = [0, 0];
	return days.map((each) => ({
		day: each.day,
		sent: (sent += each.sent),
		confirmed: (confirmed += each.confirmed)
	}));
}
