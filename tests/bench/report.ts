/** One measured figure. */
export interface Figure {
	what: string;
	value: string;
	aim?: string;
}

/** The value below which a share of the numbers lie; they need not be sorted. */
export function percentile(numbers: number[], share: number): number {
	const sorted = [...numbers].sort((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Milliseconds, rounded to a meaningful precision. */
export function ms(value: number): string {
	return value < 10
		? `${value.toFixed(1)} ms`
		: value < 1000
			? `${Math.round(value)} ms`
			: `${(value / 1000).toFixed(2)} s`;
}

/** Thousands of bytes. */
export function kB(bytes: number): string {
	return `${(bytes / 1000).toFixed(1)} kB`;
}

/** The time of a measure, and its time with ten times as much. */
export function growth(small: number, large: number): string {
	return `${ms(small)}; ten times larger: ${ms(large)}, ${(large / small).toFixed(1)} times as long`;
}

/** Prints the figures of one measure as a table. */
export function print(title: string, figures: Figure[]): void {
	const wide = Math.max(...figures.map((figure) => figure.what.length));
	console.log(`\n${title}`);
	for (const { what, value, aim } of figures) {
		console.log(`  ${what.padEnd(wide)}  ${value}${aim ? `   (aim: ${aim})` : ''}`);
	}
}
