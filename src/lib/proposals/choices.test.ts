import { expect, it } from 'vitest';
import {
	choiceWord,
	chosenFrom,
	countWords,
	decidedSentence,
	choiceFiltersFrom,
	type SelectionProposal
} from './choices.ts';

const row = (id: string, more: Partial<SelectionProposal> = {}): SelectionProposal => ({
	id,
	code: id.toUpperCase(),
	title: { original: 'en', en: `Title ${id}` },
	state: 'submitted',
	level: 'members',
	attendance: 'hall_and_online',
	format_id: 'talk',
	track_id: 'one',
	decision: null,
	released_decision: null,
	version: 0,
	session_id: null,
	brings_survivors: false,
	withheld: null,
	score: 3,
	spread: 0.5,
	normalised: 0,
	reviews: 2,
	is_stale: false,
	assigned: 2,
	people: [{ name: 'Ana Lima', affiliation: 'Quiet Harbour', role: 'speaker', state: 'confirmed' }],
	...more
});
const rows = [
	row('a', { score: 4, normalised: -1, decision: 'accept' }),
	row('b', { score: null, normalised: null, spread: null, reviews: null, withheld: 'conflict' }),
	row('c', { is_stale: true, score: 4.5, spread: 2, reviews: 1, track_id: 'two' }),
	row('d', { state: 'withdrawn' }),
	row('e', { score: 2, normalised: 1, decision: 'decline', released_decision: 'decline' })
];
const trackNames: Record<string, string> = { one: 'Law', two: 'Care' };
const ids = (query: string) =>
	chosenFrom(rows, choiceFiltersFrom(new URLSearchParams(query)), (id) => trackNames[id ?? ''] ?? '').map(
		({ id }) => id
	);

it.each([
	['', ['c', 'a', 'e', 'b']],
	['sort=-normalised', ['e', 'c', 'a', 'b']],
	['sort=normalised', ['a', 'c', 'e', 'b']],
	['sort=title', ['a', 'b', 'c', 'e']],
	['sort=track', ['c', 'a', 'b', 'e']],
	['sort=state', ['a', 'e', 'b', 'c']],
	['show=stale', ['c']],
	['sort=-spread', ['c', 'a', 'e', 'b']],
	['sort=reviews', ['c', 'a', 'e', 'b']],
	['show=open', ['c', 'b']],
	['show=held', ['a']],
	['show=withdrawn', ['d']],
	['track=two', ['c']],
	['q=quiet', ['c', 'a', 'e', 'b']],
	['q=title+e', ['e']],
	['sort=nonsense&show=nonsense', []]
])('%s leaves %j', (query, expected) => {
	expect(ids(query)).toEqual(expected);
});

it('gives each status and the result of many, and hides small counts', () => {
	expect(rows.map(choiceWord)).toEqual([
		'Accepted, not notified yet',
		'To decide',
		'To decide',
		'Withdrawn',
		'Declined'
	]);
	expect(decidedSentence([{ status: 'ok' }, { status: 'same' }])).toEqual({ text: '2 decided.', good: true });
	expect(decidedSentence([{ status: 'ok' }, { status: 'changed_meanwhile' }])).toEqual({
		text: '1 decided. 1 was decided by somebody else meanwhile: look again.',
		good: false
	});
	expect(decidedSentence([])).toEqual({ text: 'Nothing was decided.', good: false });
	expect([countWords(null), countWords(0), countWords(7)]).toEqual(['too few to show', '0', '7']);
});
