import { expect, test } from 'vitest';
import { keyboardInset } from './keyboard-inset.ts';

test('is what a keyboard covers of the page', () => {
	expect(keyboardInset(844, { height: 844, offsetTop: 0, scale: 1 })).toBe(0);
	expect(keyboardInset(844, { height: 508, offsetTop: 0, scale: 1 })).toBe(336);
});

test('is less where the browser has moved the page up', () => {
	expect(keyboardInset(844, { height: 508, offsetTop: 200, scale: 1 })).toBe(136);
	expect(keyboardInset(844, { height: 508, offsetTop: 400, scale: 1 })).toBe(0);
});

test('is nothing in a page that is zoomed', () => {
	expect(keyboardInset(844, { height: 422, offsetTop: 0, scale: 2 })).toBe(0);
});
