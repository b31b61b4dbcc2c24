import type { CaptionLine } from '#lib/captions/captions.ts';
import { expect, test } from 'vitest';
import { recentLines } from './recent-lines.ts';

const line = (starts: number) => ({ starts }) as CaptionLine;

test('keeps the lines of ten minutes, counted from when the room was opened', () => {
	const opened = 1_700_000_000_000;
	const lines = [line(0), line(1000), line(599_000)];
	expect(recentLines(lines, opened, opened + 599_999)).toEqual(lines);
	expect(recentLines(lines, opened, opened + 600_500)).toEqual([line(1000), line(599_000)]);
	expect(recentLines(lines, opened, opened + 1_300_000)).toEqual([]);
});
