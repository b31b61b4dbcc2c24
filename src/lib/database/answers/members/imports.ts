import * as v from 'valibot';
import { answer } from '../answer.ts';
import type { Answers } from '../kinds.ts';
import { CsvDelimiter, CsvEncoding } from '../files.ts';

/** The facts of the file. */
export const ImportFile = v.strictObject({
	name: v.string(),
	encoding: CsvEncoding,
	delimiter: CsvDelimiter,
	ignored: v.array(v.string()),
	rows: v.number()
});
export type ImportFile = v.InferOutput<typeof ImportFile>;

/** The result of applying. */
export const ImportResult = v.strictObject({
	added: v.number(),
	joined: v.number(),
	changed: v.number(),
	left: v.number(),
	refused: v.array(
		v.strictObject({
			line: v.number(),
			name: v.string(),
			why: v.picklist(['changed_meanwhile', 'taken'])
		})
	)
});
export type ImportResult = v.InferOutput<typeof ImportResult>;

export const MemberImportOutcome = v.picklist([
	'added',
	'duplicate',
	'changed',
	'unchanged',
	'error',
	'similar',
	'joined'
]);
export type MemberImportOutcome = v.InferOutput<typeof MemberImportOutcome>;

export const ImportColumn = v.picklist([
	'name',
	'sector',
	'country',
	'code',
	'region',
	'standing',
	'website',
	'focal_point_mail'
]);
export type ImportColumn = v.InferOutput<typeof ImportColumn>;

/** Why a row cannot be imported, and its cell. */
export const RowFault = v.strictObject({
	column: v.union([v.literal(''), ImportColumn]),
	code: v.string(),
	cell: v.optional(v.string()),
	/** The other line, for a duplicate. */
	line: v.optional(v.number())
});
export type RowFault = v.InferOutput<typeof RowFault>;

/** A row of the preview. */
export const PreviewRow = v.strictObject({
	line: v.number(),
	fields: v.strictObject({
		name: v.optional(v.string()),
		sector: v.optional(v.string()),
		country: v.optional(v.string()),
		code: v.optional(v.string()),
		region: v.optional(v.string()),
		standing: v.optional(v.string()),
		website: v.optional(v.string())
	}),
	outcome: MemberImportOutcome,
	member_id: v.nullable(v.string()),
	member_name: v.nullable(v.string()),
	changes: v.array(
		v.strictObject({
			field: v.string(),
			from: v.nullable(v.string()),
			to: v.nullable(v.string())
		})
	),
	fault: v.nullable(RowFault),
	invites: v.number()
});
export type PreviewRow = v.InferOutput<typeof PreviewRow>;

/** A preview, one page of it. */
export const MemberImportPreview = v.strictObject({
	id: v.string(),
	summit_id: v.string(),
	file: ImportFile,
	until: v.string(),
	/** How many rows have a result; null before applying has started. */
	applied: v.nullable(v.number()),
	applied_at: v.nullable(v.string()),
	result: v.nullable(ImportResult),
	counts: v.record(MemberImportOutcome, v.number()),
	invites: v.number(),
	total: v.number(),
	rows: v.array(PreviewRow)
});
export type MemberImportPreview = v.InferOutput<typeof MemberImportPreview>;

/** What these functions answer. */
export const answers = {
	prepare_member_import: answer({ ok: { id: v.string() } }, 'not_allowed', 'invalid', 'too_many'),
	read_member_import: v.nullable(MemberImportPreview),
	apply_member_import: answer(
		{
			ok: ImportResult.entries,
			already: ImportResult.entries,
			more: { left: v.number() },
			stranded: { detail: v.string() }
		},
		'not_found'
	)
} satisfies Answers;
