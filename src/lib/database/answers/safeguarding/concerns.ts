import { locales } from '#lib/i18n/locale.ts';
import * as v from 'valibot';
import { answer } from '../answer.ts';
import type { Answers, PrivateAnswers } from '../kinds.ts';
import { TextMap } from '../text-map.ts';

/** What a reporter or the desk wrote, sealed. */
const SealedMessage = v.strictObject({
	id: v.string(),
	at: v.string(),
	is_from_desk: v.boolean(),
	text_sealed: v.string(),
	key_id: v.string()
});

/** A concern for safeguarding leads, as the database keeps it. */
export const SealedConcern = v.strictObject({
	id: v.string(),
	at: v.string(),
	/** Its subject, where known; '' else. */
	subject: v.string(),
	/** Sealed; null: not asked for, so not logged as read. */
	text_sealed: v.nullable(v.string()),
	key_id: v.string(),
	/** What was done, sealed. */
	note_sealed: v.nullable(v.string()),
	note_key_id: v.nullable(v.string()),
	closed_at: v.nullable(v.string()),
	closed_by: v.nullable(v.string()),
	session: v.nullable(
		v.strictObject({
			id: v.string(),
			code: v.string(),
			title: TextMap
		})
	),
	/** Null: they did not want to be named, or were not signed in. */
	reporter: v.nullable(
		v.strictObject({
			display_name: v.string(),
			affiliation: v.string()
		})
	),
	/** The people whom it is about: they never find it. */
	people: v.array(
		v.strictObject({
			id: v.string(),
			code: v.string(),
			display_name: v.string(),
			source: v.picklist(['reporter', 'lead'])
		})
	),
	/** Who has read it, and when last. */
	read_by: v.array(
		v.strictObject({
			display_name: v.string(),
			at: v.string()
		})
	),
	/** Who wrote it down for somebody else. */
	taken_by: v.nullable(v.string()),
	/** The language of the page on which it was raised. */
	locale: v.nullable(v.picklist(locales)),
	/** The reporter has a code to come back with. */
	may_answer: v.boolean(),
	/** Since when somebody is called, and who has it. */
	alarm: v.nullable(v.strictObject({ since: v.string(), at: v.nullable(v.string()), by: v.nullable(v.string()) })),
	/** The case that it is in. */
	case: v.nullable(v.strictObject({ id: v.string(), reference: v.string() })),
	/** Between the reporter and the desk; null: not asked for. */
	messages: v.nullable(v.array(v.strictObject({ ...SealedMessage.entries, author: v.nullable(v.string()) }))),
	/** One of many from one source. */
	batch: v.nullable(v.string())
});
export type SealedConcern = v.InferOutput<typeof SealedConcern>;

/** Many concerns from one source, shown as one entry. */
export const ConcernBatch = v.strictObject({
	id: v.string(),
	count: v.number(),
	open: v.number(),
	from: v.string(),
	to: v.string()
});
export type ConcernBatch = v.InferOutput<typeof ConcernBatch>;

/** What these functions answer. */
export const answers = {
	list_concerns: v.nullable(v.strictObject({ concerns: v.array(SealedConcern), batches: v.array(ConcernBatch) }))
} satisfies Answers;

/** What these functions of `private` answer: their value, or their row. */
export const privateAnswers = {
	reported_message_text: v.nullable(v.string()),
	open_concern_by_code: answer(
		{
			ok: {
				at: v.string(),
				text_sealed: v.string(),
				key_id: v.string(),
				was_read: v.boolean(),
				is_closed: v.boolean(),
				messages: v.array(SealedMessage)
			}
		},
		'unknown',
		'too_often'
	)
} satisfies PrivateAnswers;
