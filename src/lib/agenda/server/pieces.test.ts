import { expect, test } from 'vitest';
import { cutAfter, cutBefore } from '../parts.ts';
import { joined, piecesOf } from './pieces.ts';

const [a, b] = ['00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-00000000000b'];
const page = (mark: string) =>
	`head${cutBefore(a)}<li>A${mark}</li>${cutAfter}—${cutBefore(b)}<li>ب${mark}</li>${cutAfter}foot`;
const words = (marks: string[], pieces = piecesOf(page(''), page(' in mine'))) =>
	joined(pieces, new Set(marks)).bytes.toString();

test('a page is put together for whatever is marked, without a trace of the cuts', () => {
	expect(words([])).toBe('head<li>A</li>—<li>ب</li>foot');
	expect(words([b])).toBe('head<li>A</li>—<li>ب in mine</li>foot');
	expect(words([a, b, 'another'])).toBe('head<li>A in mine</li>—<li>ب in mine</li>foot');
});

test('a page without entries is whole; forms that do not fit each other are refused', () => {
	expect(words([a], piecesOf('nothing', 'nothing'))).toBe('nothing');
	expect(() => piecesOf(page(''), 'nothing')).toThrow('do not fit');
});

test('its name is another for other words and for other marks that it shows, and for no others', () => {
	const pieces = piecesOf(page(''), page(' in mine'));
	const tag = (...marks: string[]) => joined(pieces, new Set(marks)).tag;
	expect(new Set([tag(), tag(a), tag(b), tag(a, b)]).size).toBe(4);
	expect([tag('another'), tag(b, a)]).toEqual([tag(), tag(a, b)]);
	expect(joined(piecesOf(page('!'), page(' in mine')), new Set()).tag).not.toBe(tag());
});
