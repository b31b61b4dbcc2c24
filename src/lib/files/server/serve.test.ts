import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rangeOf } from './serve.ts';

test.each([
	[null, null],
	['bytes=0-', { start: 0, end: 99 }],
	['bytes=10-19', { start: 10, end: 19 }],
	['bytes=90-500', { start: 90, end: 99 }],
	['bytes=-5', { start: 95, end: 99 }],
	['bytes=-500', { start: 0, end: 99 }],
	['bytes=100-', 'none'],
	['bytes=20-10', 'none'],
	['bytes=-0', 'none'],
	['bytes=0-1,5-6', null],
	['bytes=-', null],
	['lines=1-2', null],
	['bytes=999999999999999999999-', null]
])('of a hundred bytes, %j is %j', (header, part) => {
	expect(rangeOf(header, 100)).toEqual(part);
});

test('a part is never outside its file', () => {
	fc.assert(
		fc.property(fc.nat(), fc.nat(), fc.integer({ min: 1 }), (from, to, size) => {
			const part = rangeOf(`bytes=${from}-${to}`, size);
			if (part === null) throw new Error('a part was asked for');
			if (part !== 'none') expect(part.start <= part.end && part.end < size).toBe(true);
		})
	);
});
