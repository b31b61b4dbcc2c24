import { expect, test } from 'vitest';
import { circlesOf } from './world.ts';

test('countries that are one point on the map are drawn beside each other', () => {
	const circles = circlesOf(['BL', 'MF', 'SX'].map((key) => ({ key, value: 1 })));
	expect(new Set(circles.map(({ x, y }) => `${x} ${y}`)).size).toBe(3);
});

test('circles are largest first, and a code that is no country has none', () => {
	const circles = circlesOf([
		{ key: 'CA', value: 1 },
		{ key: 'KE', value: 4 },
		{ key: '??', value: 9 }
	]);
	expect(circles.map(({ country }) => country)).toEqual(['KE', 'CA']);
});
