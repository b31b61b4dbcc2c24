import { expect, test } from 'vitest';
import { proposalFaultOf, type FileProposal } from './proposals.ts';
import { readImport } from './read-file.ts';

function rowsOf(given: unknown): FileProposal[] {
	const text = typeof given === 'string' ? given : JSON.stringify(given);
	const answer = readImport(new TextEncoder().encode(text));
	if (!answer.ok || answer.file.contents !== 'proposals') throw new Error('no proposals');
	return answer.file.rows;
}

test('pretalx: submissions of the API with their speakers, texts by language, states and reviews', () => {
	const submission = (code: string, state: string, rest: object = {}) => ({
		code,
		state,
		title: `Talk ${code}`,
		speakers: [{ code: 'SPKR01', name: 'Wren Alder', email: 'wren@example.org', biography: 'Hydrologist.' }],
		submission_type: { id: 1, name: { de: 'Vortrag', en: 'Talk' } },
		track: 'Rivers',
		abstract: 'Short.',
		description: 'Long.',
		content_locale: 'de-formal',
		reviews: [4, 5],
		...rest
	});
	const rows = rowsOf({
		count: 5,
		next: null,
		results: [
			submission('AAAAAA', 'confirmed'),
			submission('BBBBBB', 'rejected', { speakers: ['SPKR01'], reviews: [] }),
			submission('CCCCCC', 'draft'),
			submission('DDDDDD', 'withdrawn', { abstract: '', description: '' }),
			submission('EEEEEE', 'submitted', { title: 'x'.repeat(201) })
		]
	});
	expect(rows.map((row) => [row.key, row.format, row.track, row.language, row.state, proposalFaultOf(row)])).toEqual([
		['AAAAAA', 'Talk', 'Rivers', 'de', 'accepted', null],
		['BBBBBB', 'Talk', 'Rivers', 'de', 'rejected', 'nobody'],
		['CCCCCC', 'Talk', 'Rivers', 'de', 'submitted', 'unfinished'],
		['DDDDDD', 'Talk', 'Rivers', 'de', 'withdrawn', 'no_abstract'],
		['EEEEEE', 'Talk', 'Rivers', 'de', 'submitted', 'title_too_long']
	]);
	expect(rows[0]).toMatchObject({
		abstract: 'Short.\n\nLong.',
		reviews: 2,
		people: [{ name: 'Wren Alder', address: 'wren@example.org', biography: 'Hydrologist.' }]
	});
});

test('pretalx: the list that organisers export is the same as a table and as JSON', () => {
	const table =
		'ID,Proposal title,Proposal state,Session type,Track,Abstract,Language,Speaker IDs,Speaker names\r\n' +
		'AAAAAA,"=Water, for all",accepted,Talk,Rivers,"Line one\nline two",en,"S1, S2","Wren Alder, Ama Reed"\r\n';
	const json = [
		{
			ID: 'AAAAAA',
			'Proposal title': '=Water, for all',
			'Proposal state': 'accepted',
			'Session type': { en: 'Talk' },
			Track: { en: 'Rivers' },
			Abstract: 'Line one\r\nline two',
			Language: 'en',
			'Speaker IDs': ['S1', 'S2'],
			'Speaker names': ['Wren Alder', 'Ama Reed']
		}
	];
	const [first] = rowsOf(table);
	expect(first).toMatchObject({
		key: 'AAAAAA',
		title: '=Water, for all',
		abstract: 'Line one\nline two',
		format: 'Talk',
		state: 'accepted'
	});
	expect(first?.people.map(({ name }) => name)).toEqual(['Wren Alder', 'Ama Reed']);
	expect({ ...rowsOf(json)[0], line: 0 }).toEqual({ ...first, line: 0 });
});

test('Indico: abstracts with speakers first, merged ones and withdrawn ones by their state, as JSON and as a table', () => {
	const person = (last: string, isSpeaker: boolean) => ({
		first_name: 'Ama',
		last_name: last,
		email: `${last.toLowerCase()}@example.org`,
		affiliation: 'Far Lantern',
		is_speaker: isSpeaker
	});
	const abstract = (id: number, state: string) => ({
		id,
		friendly_id: id,
		title: `Abstract ${id}`,
		content: 'What we found.',
		state,
		persons: [person('Second', false), person('First', true)],
		submitted_contrib_type: { id: 1, name: 'Poster' },
		submitted_for_tracks: [{ id: 2, title: 'Rivers' }],
		submission_comment: 'Please not on Monday.',
		reviews: [{ id: 1 }]
	});
	const rows = rowsOf({
		version: 1,
		abstracts: [abstract(1, 'submitted'), abstract(2, 'merged'), abstract(3, 'withdrawn')]
	});
	expect(rows.map((row) => [row.key, row.format, row.track, row.state, row.fault])).toEqual([
		['1', 'Poster', 'Rivers', 'submitted', null],
		['2', 'Poster', 'Rivers', 'submitted', 'joined_another'],
		['3', 'Poster', 'Rivers', 'withdrawn', null]
	]);
	expect(rows[0]?.people.map(({ name }) => name)).toEqual(['Ama First', 'Ama Second']);
	expect(
		rowsOf(
			'Id,Title,State,Primary authors,Submitted for tracks,Content\n7,A title,Accepted,"Ama Reed; Wren Alder",Rivers,Text\n'
		)
	).toMatchObject([
		{ key: '7', state: 'accepted', track: 'Rivers', people: [{ name: 'Ama Reed' }, { name: 'Wren Alder' }] }
	]);
});
