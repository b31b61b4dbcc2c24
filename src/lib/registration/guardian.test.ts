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

test('shows what was typed, and never who it is', () => {
	const own = { registration_id: 'x', typed: null, consented_at: null };
	expect(guardianSentence(own, true)).toContain('step 1');
	expect(guardianSentence({ ...own, typed: 'ana@example.org' }, true)).toContain('You named ana@example.org.');
	const given = { ...own, typed: 'ana@example.org', consented_at: '2027-01-01T00:00:00Z' };
	expect(guardianSentence(given, true)).toContain('You can send');
	expect(guardianSentence(given, false)).toBe('Your guardian has consented.');
});
