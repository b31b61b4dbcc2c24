import { enums } from '#lib/database/types.ts';
import * as v from 'valibot';
import { answer } from './answer.ts';
import type { Answers } from './kinds.ts';
import { TextMap } from './text-map.ts';

export const FieldKind = v.picklist([
	'text',
	'long_text',
	'choice',
	'choices',
	'yes_no',
	'number',
	'date',
	'country',
	'consent',
	'file'
]);
export type FieldKind = v.InferOutput<typeof FieldKind>;

export const FieldChoice = v.strictObject({
	key: v.string(),
	label: TextMap
});
export type FieldChoice = v.InferOutput<typeof FieldChoice>;

export const ReaderRole = v.picklist(['door', 'stage', 'programme', 'registration', 'finance', 'safeguarding']);
export type ReaderRole = v.InferOutput<typeof ReaderRole>;

/** The definition of a field. */
export const LogisticsField = v.strictObject({
	id: v.string(),
	key: v.string(),
	kind: FieldKind,
	label: TextMap,
	help: TextMap,
	purpose: TextMap,
	choices: v.array(FieldChoice),
	is_required: v.boolean(),
	for_host: v.boolean(),
	/** Badges show the answer. */
	on_badge: v.boolean(),
	visible_to: v.array(ReaderRole),
	/** The form in which it is asked. */
	form: v.picklist(['registration', 'logistics']),
	/** The key of another question: this one is asked only if its answer is among `depends_values`. */
	depends_on: v.nullable(v.string()),
	depends_values: v.array(v.string()),
	/** The app seals the answer; else the database reads it. */
	is_sealed: v.boolean(),
	/** What a file may be: a PDF or picture, or a picture; null for other kinds. */
	file_sort: v.nullable(v.picklist(['document', 'picture'])),
	/** The choices that are a need; empty: any answer is. */
	need_values: v.array(v.string())
});
export type LogisticsField = v.InferOutput<typeof LogisticsField>;

/** A field of the reader's form with its sealed answer; null for none. */
export const SealedField = v.strictObject({
	...LogisticsField.entries,
	/** The day on which the answer is erased. */
	erased_on: v.string(),
	answer_sealed: v.nullable(v.string()),
	key_id: v.nullable(v.string()),
	value: v.nullable(v.array(v.string()))
});
export type SealedField = v.InferOutput<typeof SealedField>;

/** The issuer of the letter. */
export const LetterHead = v.strictObject({
	issuer_name: v.string(),
	issuer_address: v.string(),
	signatory_name: v.string(),
	signatory_office: v.string()
});
export type LetterHead = v.InferOutput<typeof LetterHead>;

/** A field as the organisers who edit it see it. */
const StoredField = v.strictObject({
	...LogisticsField.entries,
	categories: v.array(v.string()),
	modes: v.array(v.picklist(enums.attendance_mode)),
	sectors: v.array(v.picklist(enums.sector)),
	is_identity: v.boolean(),
	/** The team that meets the need which an answer states. */
	team: v.nullable(ReaderRole),
	/** Messages to a group may insert the answer of their reader. */
	in_mail: v.boolean(),
	version: v.number(),
	erase_days: v.number(),
	position: v.number(),
	answers: v.number(),
	may_read: v.boolean()
});

/** The state of the logistics form: figures, fields, and who has not answered. */
export const LogisticsOverview = v.strictObject({
	due_at: v.nullable(v.string()),
	asked: v.number(),
	complete: v.number(),
	total: v.number(),
	may_change: v.boolean(),
	fields: v.array(StoredField),
	rows: v.array(
		v.strictObject({
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

const SealedRow = v.strictObject({
	reference: v.string(),
	display_name: v.string(),
	member: v.nullable(v.string()),
	mode: v.picklist(enums.attendance_mode),
	answer_sealed: v.nullable(v.string()),
	key_id: v.nullable(v.string()),
	value: v.nullable(v.array(v.string()))
});

/** A question of the list of registrations and its files. */
export const ReadableQuestion = v.strictObject({
	id: v.string(),
	label: TextMap,
	kind: FieldKind,
	choices: v.array(FieldChoice),
	is_sealed: v.boolean()
});
export type ReadableQuestion = v.InferOutput<typeof ReadableQuestion>;

/** What somebody needs, without what they answered. */
export const Need = v.strictObject({
	id: v.string(),
	registration_id: v.string(),
	reference: v.string(),
	display_name: v.string(),
	mode: v.picklist(enums.attendance_mode),
	member: v.nullable(v.string()),
	/** The question; null for the access needs of the registration form. */
	label: v.nullable(TextMap),
	team: ReaderRole,
	state: v.picklist(['open', 'in_hand', 'met', 'not_met']),
	version: v.number(),
	assignee: v.nullable(v.string()),
	is_mine: v.boolean(),
	opened_at: v.string(),
	closed_at: v.nullable(v.string()),
	closed_by: v.nullable(v.string())
});
export type Need = v.InferOutput<typeof Need>;

/** A need with what was answered. */
const ReadNeed = v.strictObject({
	...Need.entries,
	question: v.nullable(v.string()),
	note: v.string(),
	access_needs: v.nullable(v.string()),
	people: v.array(v.strictObject({ id: v.string(), name: v.string() })),
	assignee_id: v.nullable(v.string()),
	kind: v.nullable(FieldKind),
	choices: v.array(FieldChoice),
	answer_sealed: v.nullable(v.string()),
	key_id: v.nullable(v.string()),
	value: v.nullable(v.array(v.string()))
});

/** A need as the person who stated it sees it. */
const OwnNeed = v.strictObject({
	id: v.string(),
	label: v.nullable(TextMap),
	state: Need.entries.state,
	note: v.string(),
	closed_at: v.nullable(v.string())
});
export type OwnNeed = v.InferOutput<typeof OwnNeed>;

/** A request for the host state's list, and what came of it. */
export const HostList = v.strictObject({
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
	/** The state of the request to open the names that it withholds. */
	reveal: v.nullable(v.picklist(['asked', 'confirmed', 'refused', 'withdrawn', 'shown'])),
	may_reveal: v.boolean(),
	may_decide: v.boolean(),
	may_take: v.boolean()
});
export type HostList = v.InferOutput<typeof HostList>;

/** The list itself, once, with sealed answers by the id of their field. */
export const SealedList = v.strictObject({
	fields: v.array(
		v.strictObject({
			id: v.string(),
			kind: FieldKind,
			label: TextMap,
			choices: v.array(FieldChoice)
		})
	),
	rows: v.array(
		v.strictObject({
			reference: v.string(),
			display_name: v.string(),
			/** Of somebody under an alias, where a reveal was confirmed for the list. */
			real_name: v.nullable(v.strictObject({ sealed: v.string(), key_id: v.string() })),
			office: v.string(),
			affiliation: v.string(),
			country: v.nullable(v.string()),
			member: v.nullable(v.string()),
			category: v.string(),
			answers: v.record(v.string(), v.strictObject({ sealed: v.string(), key_id: v.string() }))
		})
	),
	withheld: v.number()
});
export type SealedList = v.InferOutput<typeof SealedList>;
/** What these functions answer. */
export const answers = {
	my_logistics_form: v.nullable(
		v.strictObject({
			registration_id: v.string(),
			is_open: v.boolean(),
			due_at: v.nullable(v.string()),
			/** Which state of the answers it is. */
			version: v.string(),
			missing: v.array(v.string()),
			fields: v.array(SealedField)
		})
	),
	save_logistics_answers: answer(
		{ ok: { missing: v.array(v.string()) }, invalid: { faults: v.array(v.string()) } },
		'not_found',
		'closed',
		'conflict'
	),
	my_visa_letter: v.nullable(
		v.strictObject({
			registration_id: v.string(),
			lacks: v.array(v.string()),
			head: LetterHead,
			letter: v.nullable(
				v.strictObject({
					reference: v.string(),
					code: v.string(),
					issued_at: v.string(),
					content_sealed: v.string(),
					key_id: v.string()
				})
			)
		})
	),
	issue_visa_letter: answer(
		{
			ok: { reference: v.string(), code: v.string(), issued_at: v.string() },
			incomplete: { lacks: v.array(v.string()) }
		},
		'not_found',
		'invalid'
	),
	read_logistics_overview: v.nullable(LogisticsOverview),
	save_logistics_field: answer(
		{
			ok: { id: v.string() },
			invalid: { faults: v.array(v.string()) },
			promised: { faults: v.array(v.string()) }
		},
		'not_allowed',
		'conflict'
	),
	copy_logistics_fields: answer({ ok: { copied: v.number(), skipped: v.number() } }, 'not_allowed'),
	read_logistics_answers: answer(
		{
			ok: {
				field: v.omit(StoredField, ['may_read', 'answers']),
				withheld: v.number(),
				rows: v.array(SealedRow)
			}
		},
		'not_found'
	),
	list_needs: v.nullable(
		v.strictObject({
			total: v.number(),
			counts: v.record(v.string(), v.number()),
			questions: v.array(v.strictObject({ id: v.string(), label: v.nullable(TextMap) })),
			rows: v.array(Need)
		})
	),
	list_readable_questions: v.array(ReadableQuestion),
	read_listed_answers: v.record(
		v.string(),
		v.record(
			v.string(),
			v.strictObject({
				answer_sealed: v.nullable(v.string()),
				key_id: v.nullable(v.string()),
				value: v.nullable(v.array(v.string()))
			})
		)
	),
	read_need: v.nullable(ReadNeed),
	my_needs: v.array(OwnNeed),
	read_host_lists: v.nullable(
		v.strictObject({
			may_ask: v.boolean(),
			now: v.strictObject({
				rows: v.number(),
				withheld: v.number()
			}),
			fields: v.array(
				v.strictObject({
					id: v.string(),
					key: v.string(),
					label: TextMap
				})
			),
			lists: v.array(HostList)
		})
	),
	request_host_list: answer({ ok: { id: v.string() } }, 'not_allowed', 'invalid'),
	open_answer_file: v.nullable(v.strictObject({ registration: v.string(), key: v.string() })),
	take_host_list: answer({ ok: SealedList.entries }, 'not_found', 'wrong_state')
} satisfies Answers;
