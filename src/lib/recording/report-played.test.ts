import { expect, test } from 'vitest';
import { playedSpans } from './report-played.ts';

const ranges = (spans: [number, number][]) => ({
	played: {
		length: spans.length,
		start: (index: number) => spans[index]?.[0] ?? 0,
		end: (index: number) => spans[index]?.[1] ?? 0
	}
});

test('reports whole milliseconds of what was played, without empty parts', () => {
	expect(playedSpans(ranges([]))).toEqual([]);
	expect(
		playedSpans(
			ranges([
				[0, 1.2345],
				[10, 10],
				[20.0004, 30]
			])
		)
	).toEqual([
		[0, 1235],
		[20_000, 30_000]
	]);
});

test('reports no more parts than are read', () => {
	expect(playedSpans(ranges(Array.from({ length: 600 }, (_, at) => [at, at + 0.5])))).toHaveLength(500);
});
