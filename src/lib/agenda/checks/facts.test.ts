import { expect, test } from 'vitest';
import { pairsOf, itemsOf } from './facts.ts';
import { codes, type Finding } from './checks.ts';
import { codeWord, findingWords } from './words.ts';

test('names things once in every list', () => {
	expect(itemsOf(' Projector, two lecterns；Projector\n、 ')).toEqual(['Projector', 'two lecterns']);
});

test('reads language pairs, and ignores invalid ones', () => {
	expect(pairsOf('en-fr, EN > ar')).toEqual([
		{ source: 'en', target: 'fr' },
		{ source: 'en', target: 'ar' }
	]);
	expect(pairsOf('')).toEqual([]);
	expect(pairsOf('English to French')).toBeNull();
	expect(pairsOf('en-en')).toBeNull();
});

test('has a name and a complete sentence for every check', () => {
	const detail: Finding['detail'] = {
		person: 'p',
		people: ['p', 'q'],
		start: '2027-06-10T12:00:00Z',
		end: '2027-06-10T13:00:00Z',
		minutes: 10,
		gap: 5,
		zone: 'Asia/Kathmandu',
		expected: 46,
		seats: 30,
		lacks: 'hall',
		things: ['projector'],
		step_free: true,
		hearing_loop: true,
		language: 'ar',
		count: 1,
		kind: 'turn',
		track: { original: 'en', en: 'Knowledge' },
		member: 'Quiet Harbour'
	};
	for (const code of codes) {
		const words = findingWords(
			{ code, severity: 'warn', sessions: ['a', 'b'], detail, fingerprint: '', accepted: null },
			{ p: 'Ana Lima' },
			'UTC'
		);
		expect(words).not.toMatch(/undefined|null|NaN/);
		expect(words.length).toBeGreaterThan(20);
		expect(codeWord(code)).toBeTruthy();
	}
});
