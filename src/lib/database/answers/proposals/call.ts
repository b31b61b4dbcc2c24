import * as v from 'valibot';
import { answer } from '../answer.ts';
import type { Answers } from '../kinds.ts';
import { TextMap } from '../text-map.ts';

const QuestionKind = v.picklist(['number', 'text', 'long_text', 'choice', 'several']);

/** A question of the call: about the proposal, or about each of its people. */
export const CallQuestion = v.strictObject({
	id: v.string(),
	label: TextMap,
	help: TextMap,
	kind: QuestionKind,
	choices: v.array(
		v.strictObject({
			key: v.string(),
			label: TextMap
		})
	),
	is_required: v.boolean(),
	subject: v.picklist(['proposal', 'person']),
	visible_to: v.picklist(['reviewers', 'organisers']),
	in_balance: v.boolean(),
	position: v.number()
});
export type CallQuestion = v.InferOutput<typeof CallQuestion>;

/** An answer: one text, or keys where several may be chosen. */
export const CallAnswer = v.union([v.string(), v.array(v.string())]);
export type CallAnswer = v.InferOutput<typeof CallAnswer>;

/** A question with its answer. */
export const Answered = v.strictObject({
	...CallQuestion.entries,
	answer: CallAnswer
});
export type Answered = v.InferOutput<typeof Answered>;

/** Whether the call is open: by the database's clock, for this reader. */
export const CallWindow = v.picklist(['none', 'before', 'open', 'late', 'closed']);
export type CallWindow = v.InferOutput<typeof CallWindow>;

/** The public call. Instants are ISO. */
export const Call = v.strictObject({
	window: CallWindow,
	opens_at: v.string(),
	closes_at: v.string(),
	late_until: v.nullable(v.string()),
	text: TextMap,
	max_per_person: v.number(),
	is_anonymous: v.boolean(),
	formats: v.array(
		v.strictObject({
			id: v.string(),
			name: TextMap,
			minutes: v.number()
		})
	),
	tracks: v.array(
		v.strictObject({
			id: v.string(),
			name: TextMap
		})
	),
	questions: v.array(CallQuestion)
});
export type Call = v.InferOutput<typeof Call>;

/** The call as its organisers set it; `call` is null before there is one. */
export const CallSettings = v.strictObject({
	call: v.nullable(
		v.strictObject({
			opens_at: v.string(),
			closes_at: v.string(),
			text: TextMap,
			format_ids: v.array(v.string()),
			track_ids: v.array(v.string()),
			max_per_person: v.number(),
			is_anonymous: v.boolean(),
			version: v.number()
		})
	),
	questions: v.array(CallQuestion),
	late_links: v.array(
		v.strictObject({
			id: v.string(),
			note: v.string(),
			until: v.string(),
			name: v.nullable(v.string()),
			state: v.picklist(['open', 'used', 'expired', 'revoked'])
		})
	)
});
export type CallSettings = v.InferOutput<typeof CallSettings>;

/** What these functions answer. */
export const answers = {
	read_call: v.nullable(Call),
	read_call_settings: v.nullable(CallSettings),
	save_call_question: answer({ ok: { id: v.string() } }, 'not_allowed', 'not_found', 'invalid', 'promised')
} satisfies Answers;
