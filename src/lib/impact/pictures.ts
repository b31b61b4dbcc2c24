/* The shapes of the pictures of a report: the same on its page and in its PDF. No I/O. */
import { placeOfCountry, worldSize } from './world.ts';

/** The size of a picture of lines, in its own units. */
export const lineSize = { wide: 720, high: 220 };

/** The path of a line through points in equal steps; a point of null is left out. */
export function linePath(values: readonly (number | null)[], most: number): string {
	const step = lineSize.wide / Math.max(1, values.length - 1);
	const points = values.flatMap((value, index) =>
		value === null
			? []
			: [`${(index * step).toFixed(1)} ${(lineSize.high - (value / Math.max(1, most)) * lineSize.high).toFixed(1)}`]
	);
	return points.length === 0 ? '' : `M${points.join('L')}`;
}

/** The circle of a country. */
export interface Circle {
	x: number;
	y: number;
	r: number;
}

/**
 * The circles of countries by their number, the largest first, so that none covers another. Areas are as the numbers.
 * Islands that are one point on so small a map are drawn beside each other.
 */
export function circlesOf(rows: readonly { key: string; value: number }[]): Circle[] {
	const most = Math.max(1, ...rows.map(({ value }) => value));
	const taken = new Set<string>();
	return rows
		.flatMap(({ key, value }) => {
			const place = placeOfCountry(key);
			if (!place) return [];
			const { y } = place;
			let { x } = place;
			while (taken.has(`${x} ${y}`)) x += 5;
			taken.add(`${x} ${y}`);
			return [{ x, y, r: Math.round(Math.max(2.5, 14 * Math.sqrt(value / most)) * 10) / 10 }];
		})
		.sort((a, b) => b.r - a.r);
}

export { worldSize };
