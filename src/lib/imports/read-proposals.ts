import type { CsvTable } from '#lib/files/csv.ts';
import { isMap, listed, mapsIn, type JsonMap } from '#lib/files/json.ts';
import { severalLines } from '#lib/forms/one-line.ts';
import { tableRows, unknownColumns } from './columns.ts';
import { languageTag, type FileProposal, type FileSpeaker, type ProposalElsewhere } from './proposals.ts';
import { firstLine, lineOf, textLines } from './values.ts';

/** The rows of a file with the questions that it has. */
export interface ReadProposals {
	source: string;
	rows: FileProposal[];
	questions: string[];
}

const states: Partial<Record<string, ProposalElsewhere>> = {
	accepted: 'accepted',
	confirmed: 'accepted',
	scheduled: 'accepted',
	rejected: 'rejected',
	declined: 'rejected',
	withdrawn: 'withdrawn',
	canceled: 'withdrawn',
	cancelled: 'withdrawn'
};
const stateOf = (written: string): ProposalElsewhere => states[written.toLowerCase()] ?? 'submitted';
const isUnfinished = (written: string) => /^(draft|invited)$/i.test(written);
const isJoined = (written: string) => /^(merged|duplicate)$/i.test(written);

/** An abstract and a description as one text. */
const together = (...texts: string[]) => [...new Set(texts.filter(Boolean))].join('\n\n');

const speaker = (name: string, rest: Partial<FileSpeaker> = {}): FileSpeaker => ({
	name,
	address: '',
	office: '',
	organisation: '',
	biography: '',
	...rest
});

function blank(line: number): FileProposal {
	return {
		line,
		key: '',
		title: '',
		abstract: '',
		notes: '',
		format: '',
		track: '',
		language: '',
		state: 'submitted',
		people: [],
		reviews: 0,
		fault: null
	};
}

/** Reads submissions of pretalx' API: a page of `results`, or a list. Speakers that are only codes are not people. */
export function readPretalx(root: unknown): ReadProposals {
	const given = isMap(root) ? mapsIn(root['results']) : mapsIn(root);
	const rows = given.map((one, at): FileProposal => {
		const state = lineOf(one['state']);
		return {
			...blank(at + 1),
			key: lineOf(one['code']),
			title: lineOf(one['title']),
			abstract: together(textLines(one['abstract']), textLines(one['description'])),
			notes: textLines(one['notes']),
			format: lineOf(one['submission_type']),
			track: lineOf(one['track']),
			language: languageTag(lineOf(one['content_locale'])),
			state: stateOf(state),
			people: mapsIn(one['speakers']).map((person) =>
				speaker(firstLine(person, 'name', 'public_name'), {
					address: lineOf(person['email']),
					biography: textLines(person['biography'])
				})
			),
			reviews: listed(one['reviews']).length,
			fault: isUnfinished(state) ? 'unfinished' : null
		};
	});
	return { source: 'pretalx', rows, questions: [] };
}

const pretalxColumns = new Set(
	(
		'id proposal_title session_title title proposal_state session_state state pending_state pending_session_state ' +
		'session_type proposal_type submission_type track created tags abstract description notes internal_notes duration ' +
		'slot_count language is_featured do_not_record image session_image speaker_ids speaker_names room start start_date ' +
		'start_time end end_date end_time median_score average_mean_score resources'
	).split(' ')
);

/** Reads the list of proposals that organisers of pretalx export, as a table or as JSON. */
export function readPretalxList(table: CsvTable): ReadProposals {
	const rows = tableRows(table).map((row): FileProposal => {
		const state = row.cell('proposal_state', 'session_state', 'state');
		const names = row.lines('speaker_names').split(/\n|,\s+/);
		return {
			...blank(row.line),
			key: row.cell('id'),
			title: row.cell('proposal_title', 'session_title', 'title'),
			abstract: together(severalLines(row.lines('abstract')), severalLines(row.lines('description'))),
			notes: severalLines(row.lines('notes')),
			format: row.cell('session_type', 'proposal_type', 'submission_type'),
			track: row.cell('track'),
			language: languageTag(row.cell('language')),
			state: stateOf(state),
			people: names
				.map((name) => name.trim())
				.filter(Boolean)
				.map((name) => speaker(name)),
			fault: isUnfinished(state) ? 'unfinished' : null
		};
	});
	return { source: 'pretalx', rows, questions: unknownColumns(table, pretalxColumns) };
}

/** A list of objects with the same keys as a table, as some systems export both. */
export function tableOf(list: readonly JsonMap[]): CsvTable {
	const header = [...new Set(list.flatMap((one) => Object.keys(one)))].slice(0, 200);
	const written = (value: unknown) => (Array.isArray(value) ? value.map(lineOf).join('\n') : textLines(value));
	return {
		encoding: 'utf-8',
		delimiter: ',',
		header,
		rows: list.map((one, at) => ({ line: at + 1, cells: header.map((name) => written(one[name])) }))
	};
}

const abstractStates: Record<number, string> = {
	1: 'submitted',
	2: 'withdrawn',
	3: 'accepted',
	4: 'rejected',
	5: 'merged',
	6: 'duplicate',
	7: 'invited'
};

/** Reads the abstracts of Indico as JSON, with the people whom they name: speakers first. */
export function readAbstracts(root: JsonMap): ReadProposals {
	const rows = mapsIn(root['abstracts']).map((one, at): FileProposal => {
		const state = typeof one['state'] === 'number' ? (abstractStates[one['state']] ?? '') : lineOf(one['state']);
		const people = mapsIn(one['persons']).toSorted(
			(a, b) => Number(b['is_speaker'] === true) - Number(a['is_speaker'] === true)
		);
		return {
			...blank(at + 1),
			key: firstLine(one, 'id', 'friendly_id'),
			title: lineOf(one['title']),
			abstract: textLines(one['content']),
			notes: textLines(one['submission_comment']),
			format: lineOf(one['accepted_contrib_type']) || lineOf(one['submitted_contrib_type']),
			track: lineOf(one['accepted_track']) || lineOf(mapsIn(one['submitted_for_tracks'])[0]),
			state: stateOf(state),
			people: (people.length > 0 ? people : mapsIn([one['submitter']])).map((person) =>
				speaker(
					[lineOf(person['first_name']), lineOf(person['last_name'])].filter(Boolean).join(' ') ||
						firstLine(person, 'full_name'),
					{
						address: lineOf(person['email']),
						organisation: lineOf(person['affiliation'])
					}
				)
			),
			reviews: listed(one['reviews']).length,
			fault: isUnfinished(state) ? 'unfinished' : isJoined(state) ? 'joined_another' : null
		};
	});
	return { source: 'indico', rows, questions: [] };
}

const abstractColumns = new Set(
	(
		'id title content abstract state submitter primary_authors accepted_track submitted_for_tracks reviewed_for_tracks ' +
		'accepted_type submitted_type score submission_date modification_date'
	).split(' ')
);

/** Reads the list of abstracts of Indico as a table, which has their texts only where a column is called Content. */
export function readAbstractTable(table: CsvTable): ReadProposals {
	const rows = tableRows(table).map((row): FileProposal => {
		const state = row.cell('state');
		const authors = (row.lines('primary_authors') || row.lines('submitter')).split(/\n|;|,\s+/);
		return {
			...blank(row.line),
			key: row.cell('id'),
			title: row.cell('title'),
			abstract: severalLines(row.lines('content', 'abstract')),
			format: row.cell('accepted_type', 'submitted_type'),
			track: row.cell('accepted_track') || (row.cell('submitted_for_tracks').split(/[;,]/)[0]?.trim() ?? ''),
			state: stateOf(state),
			people: authors
				.map((name) => name.trim())
				.filter(Boolean)
				.map((name) => speaker(name)),
			fault: isUnfinished(state) ? 'unfinished' : isJoined(state) ? 'joined_another' : null
		};
	});
	return { source: 'indico list', rows, questions: unknownColumns(table, abstractColumns) };
}
