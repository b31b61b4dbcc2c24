import { expect, test } from 'vitest';
import { session } from '../../../tests/fixtures/agenda.ts';
import { searchSpeakers, speakersOf } from './list.ts';

const person = (code: string, display_name: string, role: 'chair' | 'speaker' = 'speaker') => ({
	code,
	display_name,
	office: 'Head',
	affiliation: 'Harbour',
	country: null,
	role
});
const sessions = [
	session({ code: 'A', people: [person('Z', 'Zoë'), person('E', 'Élodie'), person('Z', 'Zoë', 'chair')] }),
	session({ code: 'B', people: [person('Z', 'Zoë'), person('F', 'Farid')] })
];

test('names speakers once, in alphabetical order, with each session once', () => {
	expect(
		speakersOf(sessions, 'fr').map(({ display_name, sessions: theirs }) => [
			display_name,
			theirs.map(({ code }) => code)
		])
	).toEqual([
		['Élodie', ['A']],
		['Farid', ['B']],
		['Zoë', ['A', 'B']]
	]);
});

test('finds a speaker by name, office and organisation', () => {
	const all = speakersOf(sessions, 'en');
	expect(['elodie', 'harbour head', 'nobody'].map((query) => searchSpeakers(all, query).length)).toEqual([1, 3, 0]);
});
