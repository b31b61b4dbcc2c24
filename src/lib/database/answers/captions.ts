import * as v from 'valibot';
import { answer } from './answer.ts';
import type { Answers, PrivateAnswers } from './kinds.ts';
import { OnStage, StageFlow, StageRoom, StageRun, StageSession } from './stage/stage.ts';

/** One line of captions. Times in milliseconds since the run began. */
export const CaptionLine = v.strictObject({
	id: v.string(),
	language: v.string(),
	number: v.number(),
	starts: v.number(),
	ends: v.number(),
	words: v.string(),
	/** An engine may send half a line first. */
	is_final: v.boolean(),
	is_corrected: v.boolean()
});
export type CaptionLine = v.InferOutput<typeof CaptionLine>;

/** `read_captions`: the last minutes of the present run in a room. */
export const Captions = v.strictObject({
	languages: v.array(v.string()),
	lines: v.array(CaptionLine),
	/** The reader may write them. */
	may_write: v.boolean()
});
export type Captions = v.InferOutput<typeof Captions>;

/** `read_caption_editor`: the page of a captioner in one language. */
export const Captioning = v.strictObject({
	run: StageRun,
	session: StageSession,
	room: StageRoom,
	language: v.string(),
	lines: v.array(CaptionLine),
	on_stage: v.array(OnStage),
	flow: StageFlow,
	/** Whether the level allows a transcript. */
	is_kept: v.boolean()
});
export type Captioning = v.InferOutput<typeof Captioning>;

/** An engine's key, as those who run the stage see it. */
export const EngineToken = v.strictObject({
	id: v.string(),
	language: v.string(),
	created_at: v.string()
});
export type EngineToken = v.InferOutput<typeof EngineToken>;

/** A line of a transcript. Times in milliseconds since the session began. */
export const VttCue = v.strictObject({
	starts: v.number(),
	ends: v.number(),
	words: v.string()
});
export type VttCue = v.InferOutput<typeof VttCue>;

/** `read_transcript_lines`: a page of the lines of a session's transcripts, for organisers. */
export const TranscriptLines = v.strictObject({
	languages: v.array(v.string()),
	total: v.number(),
	lines: v.array(
		v.strictObject({
			id: v.string(),
			language: v.string(),
			/** When it was said. */
			at: v.string(),
			/** Milliseconds since the session began. */
			starts: v.number(),
			words: v.string()
		})
	)
});
export type TranscriptLines = v.InferOutput<typeof TranscriptLines>;

/** What these functions answer. */
export const answers = {
	read_captions: v.nullable(Captions),
	read_caption_editor: v.nullable(Captioning),
	write_caption: answer({ ok: { number: v.number() } }, 'not_found', 'not_live', 'invalid', 'too_often'),
	read_caption_tokens: v.nullable(v.array(EngineToken)),
	read_transcript: v.nullable(v.array(VttCue)),
	list_transcripts: v.nullable(v.array(v.string())),
	read_transcript_lines: v.nullable(TranscriptLines)
} satisfies Answers;

/** What an engine is answered: the numbers of its lines, or why they were not taken. */
export const EnginePosted = answer(
	{ ok: { numbers: v.array(v.number()) } },
	'refused',
	'not_at_this_level',
	'not_live',
	'invalid'
);
export type EnginePosted = v.InferOutput<typeof EnginePosted>;

/** What these functions of `private` answer: their value, or their row. */
export const privateAnswers = {
	post_captions: EnginePosted
} satisfies PrivateAnswers;
