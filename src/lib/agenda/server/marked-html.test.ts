import { expect, test } from 'vitest';
import { entryEnd, entryStart } from '../entry-boundaries.ts';
import { joinEntries, splitEntries } from './marked-html.ts';

const [a, b] = ['00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-00000000000b'];
const page = (mark: string) =>
	`head${entryStart(a)}<li>A${mark}</li>${entryEnd}—${entryStart(b)}<li>ب${mark}</li>${entryEnd}foot`;
const htmlFor = (marks: string[], html = splitEntries(page(''), page(' in mine'))) => joinEntries(html, new Set(marks));

test('shows each entry marked or unmarked, without the comments around it', () => {
	expect(htmlFor([])).toBe('head<li>A</li>—<li>ب</li>foot');
	expect(htmlFor([b])).toBe('head<li>A</li>—<li>ب in mine</li>foot');
	expect(htmlFor([a, b, 'another'])).toBe('head<li>A in mine</li>—<li>ب in mine</li>foot');
});

test('returns a page without entries as it is, and refuses renderings with different entries', () => {
	expect(htmlFor([a], splitEntries('nothing', 'nothing'))).toBe('nothing');
	expect(() => splitEntries(page(''), 'nothing')).toThrow('different entries');
});
