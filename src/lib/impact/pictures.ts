/* The shapes of the pictures of a report: the same on its page and in its PDF. No I/O. */

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
