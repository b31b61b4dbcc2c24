/* Proposals as files of other systems name them. No I/O. */
import type { ImportKind } from './kinds.ts';

/** What became of a proposal there. */
export type ProposalElsewhere = 'submitted' | 'accepted' | 'rejected' | 'withdrawn';

/** Why a row is no proposal. */
export type ProposalFault =
	'no_title' | 'title_too_long' | 'text_too_long' | 'no_abstract' | 'nobody' | 'joined_another' | 'unfinished';

/** Somebody whom a proposal names, the first is the one who submitted it. */
export interface FileSpeaker {
	name: string;
	address: string;
	office: string;
	organisation: string;
	biography: string;
}

/** A proposal of a file. Absent texts are ''. */
export interface FileProposal {
	line: number;
	/** Its code or number there. */
	key: string;
	title: string;
	abstract: string;
	notes: string;
	format: string;
	track: string;
	/** The tag of the language in which it is held and written; '' when it is not given. */
	language: string;
	state: ProposalElsewhere;
	people: FileSpeaker[];
	/** How many reviews it has there. */
	reviews: number;
	fault: ProposalFault | null;
}

/** What was read. */
export interface ProposalFile {
	contents: 'proposals';
	kind: ImportKind;
	source: string;
	encoding: string;
	rows: FileProposal[];
	questions: string[];
}

/** The limits of our proposals. */
export const importedProposalLimits = { title: 200, abstract: 5000, notes: 4000, name: 120, biography: 4000 };

/** The fault of a row that can be seen without the database; null for none. */
export function proposalFaultOf(row: FileProposal): ProposalFault | null {
	if (row.fault !== null) return row.fault;
	if (row.title === '') return 'no_title';
	if (row.title.length > importedProposalLimits.title) return 'title_too_long';
	if (row.abstract.length > importedProposalLimits.abstract || row.notes.length > importedProposalLimits.notes)
		return 'text_too_long';
	if (row.abstract === '') return 'no_abstract';
	return row.people.some(({ name }) => name !== '' && name.length <= importedProposalLimits.name) ? null : 'nobody';
}

const tag = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/;

/** A language as files write it ("de-formal", "zh_Hans"); '' for what is no tag. */
export function languageTag(written: string): string {
	const text = written
		.trim()
		.replaceAll('_', '-')
		.replace(/-formal$/i, '');
	return tag.test(text) ? text : '';
}
