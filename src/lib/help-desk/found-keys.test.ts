import { expect, it } from 'vitest';
import { neighbouringRow } from './found-keys.ts';

const press = (key: string, more: object = {}) => ({
	key,
	defaultPrevented: false,
	altKey: false,
	ctrlKey: false,
	metaKey: false,
	...more
});

it('moves by arrows from the search into the list and through it, and not beyond its ends', () => {
	const rows = (key: string) => [-1, 0, 1, 2].map((at) => neighbouringRow(press(key), at, 3));
	expect(rows('ArrowDown')).toEqual([0, 1, 2, null]);
	expect(rows('ArrowUp')).toEqual([null, null, 0, 1]);
	expect(rows('p')).toEqual([null, null, null, null]);
	expect(neighbouringRow(press('ArrowDown'), -1, 0)).toBeNull();
	for (const held of ['altKey', 'ctrlKey', 'metaKey', 'defaultPrevented'])
		expect(neighbouringRow(press('ArrowDown', { [held]: true }), 0, 3)).toBeNull();
});
