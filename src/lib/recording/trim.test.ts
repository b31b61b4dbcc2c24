import { expect, test } from 'vitest';
import { cutOff, parsePosition, positionText } from './trim.ts';

test.each([
	['0:45', 45_000],
	['1:02:05', 3_725_000],
	['62:05', 3_725_000],
	['125', 125_000],
	[' 0:30.5 ', 30_500],
	['0:30,25', 30_250],
	['٠:٤٥', 45_000],
	['0', 0]
])('%s is a position', (text, milliseconds) => {
	expect(parsePosition(text)).toBe(milliseconds);
});

test.each(['', 'x', '1:', ':30', '1:60', '-5', '1:2:3:4', '1e3', '0:30.', '999999'])('%s is none', (text) => {
	expect(parsePosition(text)).toBeNull();
});

test.each([0, 45_000, 3_725_000, 30_500])('what is shown of %s can be typed', (milliseconds) => {
	expect(parsePosition(positionText(milliseconds))).toBe(milliseconds);
});

test('lists the chapters and lines that go', () => {
	const chapter = (at: number, kind: 'began' | 'on_stage' = 'on_stage') => ({ at, kind, name: null, page: null });
	const chapters = [chapter(0, 'began'), chapter(5000), chapter(20_000), chapter(50_000)];
	const line = (starts: number, ends: number) => ({ starts, ends, words: '' });
	const captions = { en: [line(1000, 2000), line(9000, 12_000), line(48_000, 52_000)], fr: [line(15_000, 16_000)] };
	expect(cutOff({ from: 10_000, until: 50_000 }, chapters, captions)).toEqual({
		chapters: [chapter(5000), chapter(50_000)],
		lines: 3
	});
	expect(cutOff({ from: 10_000, until: null }, chapters, captions).lines).toBe(2);
	expect(cutOff({ from: 0, until: null }, chapters, captions)).toEqual({ chapters: [], lines: 0 });
	// Chapters are given in whole seconds, and may begin up to a second later.
	expect(cutOff({ from: 0, until: 20_500 }, chapters, {}).chapters).toEqual([chapter(20_000), chapter(50_000)]);
	expect(cutOff({ from: 0, until: 20_000 }, chapters, {}).chapters).toEqual([chapter(20_000), chapter(50_000)]);
	expect(cutOff({ from: 0, until: 21_000 }, chapters, {}).chapters).toEqual([chapter(50_000)]);
});

test('a line that begins in the first five seconds of what is left goes too', () => {
	const line = (starts: number) => ({ starts, ends: starts + 1000, words: '' });
	expect(cutOff({ from: 10_000, until: null }, [], { en: [line(14_999), line(15_000)] }).lines).toBe(1);
	expect(cutOff({ from: 0, until: 60_000 }, [], { en: [line(0), line(4000)] }).lines).toBe(0);
});
