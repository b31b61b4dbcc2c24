import { expect, test } from 'vitest';
import { isSingleKey, type KeyPress } from './single-key.ts';

const press = (more: Partial<KeyPress> = {}): KeyPress => ({
	key: 'p',
	defaultPrevented: false,
	altKey: false,
	ctrlKey: false,
	metaKey: false,
	repeat: false,
	...more
});

test('acts on a key alone, with or without Caps Lock', () => {
	expect([press(), press({ key: 'P' })].map((one) => isSingleKey(one, 'p'))).toEqual([true, true]);
});

test('ignores a key with a modifier, held down, already handled, unknown, in a field, or turned off', () => {
	const others = [
		{ ctrlKey: true },
		{ metaKey: true },
		{ altKey: true },
		{ repeat: true },
		{ defaultPrevented: true },
		{ key: 'q' }
	];
	expect(others.map((more) => isSingleKey(press(more), 'p'))).toEqual(others.map(() => false));
	expect(isSingleKey(press(), 'p', { isTyping: true })).toBe(false);
	expect(isSingleKey(press(), 'p', { isOff: true })).toBe(false);
});
