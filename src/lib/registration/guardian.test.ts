import { expect, test } from 'vitest';
import { guardianSentence, guardianTyped } from './guardian.ts';

test.each([
	['ana@example.org', { kind: 'address', value: 'ana@example.org' }],
	[' abcd2345 ', { kind: 'reference', value: 'ABCD2345' }],
	['ABCD-2345', { kind: 'reference', value: 'ABCD2345' }],
	['Ana', null],
	['ana@', null],
	['', null]
])('%j', (typed, read) => {
	expect(guardianTyped(typed)).toEqual(read);
});

test('says who is waited for', () => {
	const own = { registration_id: 'x', named: false, linked: null, consented_at: null };
	expect(guardianSentence(own, true)).toContain('step 1');
	expect(guardianSentence({ ...own, named: true }, true)).toContain('not linked');
	expect(guardianSentence({ ...own, linked: 'Ana' }, true)).toBe(
		'Ana is linked as your guardian and has been asked to consent.'
	);
	const given = { ...own, linked: 'Ana', consented_at: '2027-01-01T00:00:00Z' };
	expect(guardianSentence(given, true)).toContain('You can send');
	expect(guardianSentence(given, false)).toBe('Ana has consented.');
});
