import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cropFrom, middle, moved, squareOf } from './crop.ts';

const form = (values: Record<string, string>) => cropFrom((name) => values[name] ?? null);

test('is by default the largest square in the middle', () => {
	expect(form({})).toEqual(middle);
	expect(squareOf(middle, 1600, 900)).toEqual({ side: 900, left: 350, top: 0 });
	expect(squareOf(middle, 900, 1600)).toEqual({ side: 900, left: 0, top: 350 });
});

test('limits form values to its bounds, and ignores what is no number', () => {
	expect(form({ size: '60', across: '0', down: '100' })).toEqual({ size: 60, across: 0, down: 100 });
	expect(form({ size: '1', across: '999', down: '-5' })).toEqual({ size: 20, across: 100, down: 50 });
	expect(form({ size: 'NaN', across: '1e9', down: '' })).toEqual(middle);
});

test('stays within its picture, however it is moved', () => {
	fc.assert(
		fc.property(
			fc.integer({ min: 1, max: 9000 }),
			fc.integer({ min: 1, max: 9000 }),
			fc.integer({ min: 20, max: 100 }),
			fc.double({ min: -2, max: 2, noNaN: true }),
			fc.double({ min: -2, max: 2, noNaN: true }),
			(width, height, size, byWidth, byHeight) => {
				const { side, left, top } = squareOf(
					moved({ ...middle, size }, width, height, byWidth, byHeight),
					width,
					height
				);
				expect(Math.min(left, top, width - side - left, height - side - top)).toBeGreaterThanOrEqual(0);
			}
		)
	);
});

test('follows where it is pulled', () => {
	const crop = moved({ ...middle, size: 50 }, 1000, 1000, 0.1, -0.1);
	expect(squareOf(crop, 1000, 1000)).toEqual({ side: 500, left: 350, top: 150 });
});
