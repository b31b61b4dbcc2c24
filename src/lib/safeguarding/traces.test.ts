import { expect, test } from 'vitest';
import { traceSentences, type AliasFacts } from './traces.ts';

const none: AliasFacts = {
	rewritten: {},
	left: {},
	releases: 0,
	badges: 0,
	certificates: 0,
	letters: 0,
	host_lists: 0,
	invoices: 0,
	recordings: 0,
	files: 0,
	calendars: 0
};

test('lists what is always out of reach, and of the rest what exists', () => {
	const sentences = traceSentences({ at: '2027-01-01T00:00:00Z', facts: none });
	expect([sentences.changed, sentences.left.length]).toEqual(['Texts in which the old name was replaced: 0.', 2]);
	const more = traceSentences({
		at: '2027-01-01T00:00:00Z',
		facts: { ...none, badges: 2, library_files: 3, rewritten: { a: 1, b: 2 }, left: { 'public.sessions.title': 4 } }
	});
	expect(more.changed).toBe('Texts in which the old name was replaced: 3.');
	expect(more.left.slice(2)).toEqual([
		'Badges printed with it: 2. They are no longer valid.',
		'Documents of the library: 3. The name may be inside them. Safeguarding asks the secretariat to replace or withdraw them.',
		'Texts in which a part of it may still be written: 4. Safeguarding reads where.'
	]);
});
