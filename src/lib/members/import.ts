/* The preview of imported members, row by row. No I/O. */
import type { ImportColumn, MemberImportOutcome, RowFault } from '#lib/database/answers/members/imports.ts';

export type {
	ImportColumn,
	ImportFile,
	ImportResult,
	MemberImportOutcome,
	MemberImportPreview,
	PreviewRow,
	RowFault
} from '#lib/database/answers/members/imports.ts';

export const importColumns = [
	'code',
	'name',
	'sector',
	'country',
	'region',
	'standing',
	'website',
	'focal_point_mail'
] as const satisfies readonly ImportColumn[];

/** The limits of one file. */
export const importLimit = { bytes: 5_000_000, rows: 10_000, cell: 2000 };

/** A row of the file for the database; an absent field stays as it is. */
export interface ImportRow {
	line: number;
	fields: Partial<Record<Exclude<ImportColumn, 'focal_point_mail'>, string>>;
	focal: { hash: string; sealed: string; key_id: string; hint: string }[];
	fault?: RowFault;
}

export const memberImportOutcomes = [
	'error',
	'duplicate',
	'similar',
	'added',
	'joined',
	'changed',
	'unchanged'
] as const satisfies readonly MemberImportOutcome[];

/** Outcomes in a word or two. */
export const outcomeWords: Record<MemberImportOutcome, string> = {
	added: 'New member',
	joined: 'Joins this Summit',
	changed: 'Changed',
	unchanged: 'As it is',
	similar: 'Perhaps known already',
	duplicate: 'Twice in the file',
	error: 'Error'
};

/** A fault in a sentence. */
export function rowFaultWords({ column, code, cell, line }: RowFault): string {
	const at = column ? `${column}: ` : '';
	const what = cell ? `“${cell}”` : 'the cell';
	switch (code) {
		case 'missing':
			return `${at}needed for a member that is new.`;
		case 'unknown':
			return `${at}${what} is none that we know.`;
		case 'unknown_code':
			return `${at}no member has the code ${what}. Leave it empty for a new member.`;
		case 'wrong':
			return `${at}${what} cannot be read.`;
		case 'too_long':
			return `${at}too long.`;
		case 'ragged':
			return 'More cells than columns: a separator is inside a cell without quotation marks.';
		case 'duplicate':
			return `The same member is in line ${line ?? '?'}; that one counts.`;
		case 'taken':
			return `${at}another member is called ${what}.`;
		case 'not_lasting':
			return `${at}set by a newer Summit, and changed there.`;
		case 'stranded':
			return `${at}more seats are in use than a member of this sector may have. Give it an exception first.`;
		default:
			return `${at}${code}`;
	}
}
