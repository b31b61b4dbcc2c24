import { enums } from '#lib/database/types.ts';
import * as v from 'valibot';
import type { Answers } from './kinds.ts';
import { TextMap } from './text-map.ts';

export const FieldKind = v.picklist(['text', 'long_text', 'choice', 'date', 'country', 'yes_no']);
export type FieldKind = v.InferOutput<typeof FieldKind>;

export const FieldChoice = v.object({
	key: v.string(),
	label: TextMap
});
export type FieldChoice = v.InferOutput<typeof FieldChoice>;

export const ReaderRole = v.picklist(['door', 'stage', 'programme', 'registration', 'finance', 'safeguarding']);
export type ReaderRole = v.InferOutput<typeof ReaderRole>;

/** The definition of a field. */
export const LogisticsField = v.object({
	id: v.string(),
	key: v.string(),
	kind: FieldKind,
	label: TextMap,
	help: TextMap,
	purpose: TextMap,
	choices: v.array(FieldChoice),
	is_required: v.boolean(),
	for_host: v.boolean(),
	readers: v.array(ReaderRole)
});
export type LogisticsField = v.InferOutput<typeof LogisticsField>;

/** A field of one's own form with its answer: '' for none. */
export const OwnField = v.object({
	...LogisticsField.entries,
	/** The day on which the answer is erased. */
	erased_on: v.string(),
	answer: v.string()
});
export type OwnField = v.InferOutput<typeof OwnField>;

export const SealedAnswer = v.object({
	answer_sealed: v.nullable(v.string()),
	key_id: v.nullable(v.string())
});
export type SealedAnswer = v.InferOutput<typeof SealedAnswer>;

/** The issuer of the letter. */
export const LetterHead = v.object({
	issuer_name: v.string(),
	issuer_address: v.string(),
	signatory_name: v.string(),
	signatory_office: v.string()
});
export type LetterHead = v.InferOutput<typeof LetterHead>;

/** A field as its keepers see it. */
export const StoredField = v.object({
	...LogisticsField.entries,
	categories: v.array(v.string()),
	modes: v.array(v.picklist(enums.attendance_mode)),
	is_identity: v.boolean(),
	erase_days: v.number(),
	position: v.number(),
	answers: v.number(),
	may_read: v.boolean()
});
export type StoredField = v.InferOutput<typeof StoredField>;

/** The state of the logistics form: figures, fields, and who has not answered. */
export const LogisticsOverview = v.object({
	due_at: v.nullable(v.string()),
	asked: v.number(),
	complete: v.number(),
	total: v.number(),
	may_change: v.boolean(),
	fields: v.array(StoredField),
	rows: v.array(
		v.object({
			id: v.string(),
			reference: v.string(),
			display_name: v.string(),
			member: v.nullable(v.string()),
			category: v.string(),
			mode: v.picklist(enums.attendance_mode),
			missing: v.array(TextMap),
			reminded_at: v.nullable(v.string())
		})
	)
});
export type LogisticsOverview = v.InferOutput<typeof LogisticsOverview>;

export const SealedRow = v.object({
	reference: v.string(),
	display_name: v.string(),
	member: v.nullable(v.string()),
	mode: v.picklist(enums.attendance_mode),
	answer_sealed: v.string(),
	key_id: v.string()
});
export type SealedRow = v.InferOutput<typeof SealedRow>;

/** A request for the host state's list, and what came of it. */
export const HostList = v.object({
	id: v.string(),
	purpose: v.string(),
	recipient: v.string(),
	fields: v.array(TextMap),
	state: v.picklist(['asked', 'confirmed', 'refused', 'taken']),
	asked_at: v.string(),
	asked_by: v.nullable(v.string()),
	decided_at: v.nullable(v.string()),
	decided_by: v.nullable(v.string()),
	expires_at: v.string(),
	is_expired: v.boolean(),
	taken_at: v.nullable(v.string()),
	taken_by: v.nullable(v.string()),
	rows: v.nullable(v.number()),
	withheld: v.nullable(v.number()),
	may_decide: v.boolean(),
	may_take: v.boolean()
});
export type HostList = v.InferOutput<typeof HostList>;

/** The list itself, once; answers are opened here, for the file alone. */
export const HostListDownload = v.object({
	fields: v.array(
		v.object({
			id: v.string(),
			kind: FieldKind,
			label: TextMap,
			choices: v.array(FieldChoice)
		})
	),
	rows: v.array(
		v.object({
			reference: v.string(),
			display_name: v.string(),
			office: v.string(),
			affiliation: v.string(),
			country: v.nullable(v.string()),
			member: v.nullable(v.string()),
			category: v.string(),
			answers: v.record(v.string(), v.string())
		})
	),
	withheld: v.number()
});
export type HostListDownload = v.InferOutput<typeof HostListDownload>;

export const SealedList = v.object({
	...v.omit(HostListDownload, ['rows']).entries,
	...v.object({
		status: v.string(),
		rows: v.array(
			v.object({
				...v.omit(
					v.object({
						reference: v.string(),
						display_name: v.string(),
						office: v.string(),
						affiliation: v.string(),
						country: v.nullable(v.string()),
						member: v.nullable(v.string()),
						category: v.string(),
						answers: v.record(v.string(), v.string())
					}),
					['answers']
				).entries,
				...v.object({
					answers: v.record(
						v.string(),
						v.object({
							sealed: v.string(),
							key_id: v.string()
						})
					)
				}).entries
			})
		)
	}).entries
});
export type SealedList = v.InferOutput<typeof SealedList>;

/** What these functions answer. */
export const answers = {
	my_logistics_form: v.nullable(
		v.object({
			registration_id: v.string(),
			is_open: v.boolean(),
			due_at: v.nullable(v.string()),
			missing: v.array(v.string()),
			fields: v.array(
				v.object({
					...v.omit(OwnField, ['answer']).entries,
					...SealedAnswer.entries
				})
			)
		})
	),
	save_logistics_answers: v.object({
		status: v.string()
	}),
	my_visa_letter: v.nullable(
		v.object({
			registration_id: v.string(),
			lacks: v.array(v.string()),
			head: LetterHead,
			letter: v.nullable(
				v.object({
					reference: v.string(),
					code: v.string(),
					issued_at: v.string(),
					content_sealed: v.string(),
					key_id: v.string()
				})
			)
		})
	),
	issue_visa_letter: v.object({
		status: v.string()
	}),
	read_logistics_overview: v.nullable(LogisticsOverview),
	save_logistics_field: v.object({
		status: v.string(),
		faults: v.optional(v.array(v.string())),
		id: v.optional(v.string())
	}),
	read_logistics_answers: v.variant('status', [
		v.object({
			status: v.literal('ok'),
			field: v.omit(StoredField, ['may_read', 'answers']),
			withheld: v.number(),
			rows: v.array(SealedRow)
		}),
		v.object({ status: v.literal('not_found') })
	]),
	read_host_lists: v.nullable(
		v.object({
			may_ask: v.boolean(),
			now: v.object({
				rows: v.number(),
				withheld: v.number()
			}),
			fields: v.array(
				v.object({
					id: v.string(),
					key: v.string(),
					label: TextMap
				})
			),
			lists: v.array(HostList)
		})
	),
	request_host_list: v.object({
		status: v.string()
	}),
	take_host_list: SealedList
} satisfies Answers;
