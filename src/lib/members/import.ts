/* The preview of imported members, row by row. No I/O. */
import type { ImportColumn, MemberImportOutcome, RowFault } from '#lib/database/answers/members/imports.ts';
import { isolated } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';

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

const outcomeWords: Record<MemberImportOutcome, () => string> = {
	added: m.members_outcome_added,
	joined: m.members_outcome_joined,
	changed: m.members_act_changed,
	unchanged: m.members_outcome_unchanged,
	similar: m.members_outcome_similar,
	duplicate: m.members_outcome_duplicate,
	error: m.members_outcome_error
};

/** An outcome in a word or two. */
export const outcomeWord = (outcome: MemberImportOutcome) => outcomeWords[outcome]();

/** A fault in a sentence. */
export function rowFaultWords({ column, code, cell, line }: RowFault): string {
	if (code === 'ragged') return m.members_fault_ragged();
	if (code === 'duplicate') return m.members_fault_duplicate({ line: line ?? '?' });
	const words: Record<string, (values: { cell: string }) => string> = {
		missing: m.members_fault_missing,
		unknown: m.members_fault_unknown,
		unknown_code: m.members_fault_unknown_code,
		wrong: cell ? m.members_fault_wrong : m.members_fault_wrong_cell,
		too_long: m.members_fault_too_long,
		taken: m.members_fault_taken,
		not_lasting: m.members_fault_not_lasting,
		stranded: m.members_fault_stranded
	};
	const fault = words[code]?.({ cell: isolated(cell ?? '…') }) ?? code;
	return column ? m.members_fault_at({ column: isolated(column), fault }) : fault;
}
