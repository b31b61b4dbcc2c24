import * as v from 'valibot';
import { answer } from './answer.ts';
import type { Answers } from './kinds.ts';

/** What the file says about itself, and what was found in it. */
export const ImportedFile = v.strictObject({
	name: v.string(),
	kind: v.string(),
	source: v.string(),
	encoding: v.string(),
	rows: v.number(),
	ignored: v.array(v.string()),
	answers: v.array(v.string()),
	/** The kinds of tickets, or of proposals the formats. */
	products: v.array(v.strictObject({ name: v.string(), rows: v.number() })),
	tracks: v.optional(v.array(v.strictObject({ name: v.string(), rows: v.number() })))
});
export type ImportedFile = v.InferOutput<typeof ImportedFile>;

/** What the organiser confirmed. */
export const RegistrationMapping = v.strictObject({
	products: v.record(v.string(), v.strictObject({ category: v.string(), mode: v.picklist(['in_person', 'virtual']) })),
	agreed: v.boolean(),
	submit: v.boolean(),
	mails: v.boolean()
});
export type RegistrationMapping = v.InferOutput<typeof RegistrationMapping>;

/** What the headings of proposals become: ids, or '' for none. */
export const ProposalMapping = v.strictObject({
	formats: v.record(v.string(), v.string()),
	tracks: v.record(v.string(), v.string()),
	language: v.string()
});
export type ProposalMapping = v.InferOutput<typeof ProposalMapping>;

export const ImportOutcome = v.picklist(['new', 'changed', 'same', 'cannot']);
export type ImportOutcome = v.InferOutput<typeof ImportOutcome>;

const Applied = v.picklist([
	'draft',
	'submitted',
	'queued',
	'updated',
	'withdrawn',
	'left',
	'changed_meanwhile',
	'failed'
]);
export type ImportApplied = v.InferOutput<typeof Applied>;

/** The result of applying. */
export const ImportedResult = v.strictObject({
	counts: v.record(Applied, v.number()),
	refused: v.array(
		v.strictObject({ position: v.number(), title: v.string(), why: v.picklist(['changed_meanwhile', 'failed']) })
	)
});

export const ImportedRow = v.strictObject({
	position: v.number(),
	title: v.string(),
	line: v.nullable(v.number()),
	outcome: v.nullable(ImportOutcome),
	target_id: v.nullable(v.string()),
	changes: v.array(v.strictObject({ field: v.string(), from: v.nullable(v.string()), to: v.nullable(v.string()) })),
	notes: v.array(v.strictObject({ code: v.string(), words: v.optional(v.string()) })),
	applied: v.nullable(Applied)
});
export type ImportedRow = v.InferOutput<typeof ImportedRow>;

/** A preview, one page of it. */
export const ImportPreview = v.strictObject({
	id: v.string(),
	summit_id: v.string(),
	contents: v.picklist(['registrations', 'proposals']),
	file: ImportedFile,
	mapping: v.nullable(v.union([RegistrationMapping, ProposalMapping])),
	until: v.string(),
	begun: v.boolean(),
	applied_at: v.nullable(v.string()),
	result: v.nullable(ImportedResult),
	counts: v.record(ImportOutcome, v.number()),
	total: v.number(),
	rows: v.array(ImportedRow)
});
export type ImportPreview = v.InferOutput<typeof ImportPreview>;

/** What these functions answer. */
export const answers = {
	prepare_import: answer({ ok: { id: v.string() } }, 'not_allowed', 'invalid', 'too_many'),
	read_import: v.nullable(ImportPreview),
	apply_import: answer(
		{ ok: ImportedResult.entries, already: ImportedResult.entries },
		'more',
		'not_mapped',
		'closed',
		'not_found'
	)
} satisfies Answers;
