/* What an impact report says of commitments that everybody reads. No I/O. */
import type { ImpactCommitment, ImpactCounts, ImpactIndicator, ImpactRow } from '#lib/database/answers/impact.ts';
import type { IndicatorKey } from './indicators.ts';

function countBy(
	all: readonly ImpactCommitment[],
	dimension: string,
	on: string,
	valuesOf: (one: ImpactCommitment) => readonly { key: string; label?: ImpactRow['label'] }[]
): ImpactRow[] {
	const rows = new Map<string, ImpactRow>();
	for (const { key, label = null } of all.flatMap(valuesOf)) {
		const row = rows.get(key) ?? { dimension, key, label, value: 0, on };
		rows.set(key, { ...row, value: row.value + 1 });
	}
	return [...rows.values()].sort((a, b) => b.value - a.value || (a.key < b.key ? -1 : 1));
}

/** The ends of the months from the first day to the last, at most some twelve of them, and the last day itself. */
function monthEnds(first: string, last: string): string[] {
	const ends: string[] = [];
	const at = new Date(`${first.slice(0, 7)}-01T00:00Z`);
	for (let end = ''; end < last && ends.length < 240; ends.push(end)) {
		at.setUTCMonth(at.getUTCMonth() + 1);
		end = new Date(at.getTime() - 86_400_000).toISOString().slice(0, 10);
	}
	const every = Math.ceil(ends.length / 12);
	return [...ends.slice(0, -1).filter((_, index) => index % every === 0), last];
}

/** How many were announced, and delivered, by the end of each month. */
function courseRows(all: readonly ImpactCommitment[], on: string): ImpactRow[] {
	const first = all.map((one) => one.announced_on).sort()[0];
	if (first === undefined) return [];
	return monthEnds(first, on).flatMap((end) => {
		const until = (day: string | null) => day !== null && day <= end;
		const row = (dimension: string, value: number) => ({ dimension, key: end, label: null, value, on });
		return [
			row('announced', all.filter((one) => until(one.announced_on)).length),
			row('delivered', all.filter((one) => until(one.delivered_on)).length)
		];
	});
}

const delivered = (all: readonly ImpactCommitment[]) => all.filter(({ status }) => status === 'delivered').length;

/** The indicators of commitments: of this Summit, and of the edition before. */
export function commitmentIndicators(counts: ImpactCounts, on: string): ImpactIndicator[] {
	const { commitments: all, earlier_commitments: earlier } = counts;
	const one = (key: IndicatorKey, value: number | null, rows: ImpactRow[] = []): ImpactIndicator => ({
		key,
		value,
		on,
		of_people: false,
		rows
	});
	const total = (value: number): ImpactRow[] => [{ dimension: 'total', key: '', label: null, value, on }];
	return [
		one('commitments', all.length, [
			...countBy(all, 'theme', on, ({ theme }) => [{ key: theme.slug, label: theme.name }]),
			...countBy(all, 'region', on, ({ region }) => (region === '' ? [] : [{ key: region }])),
			...countBy(all, 'status', on, ({ status }) => [{ key: status }]),
			...countBy(all, 'country', on, ({ countries }) => countries.map((key) => ({ key }))),
			...courseRows(all, on)
		]),
		one('delivered', delivered(all), total(all.length)),
		one('earlier_delivered', earlier && delivered(earlier), earlier ? total(earlier.length) : [])
	];
}
