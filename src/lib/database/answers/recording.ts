import { enums } from '#lib/database/types.ts';
import * as v from 'valibot';
import { answer } from './answer.ts';
import type { Answers, PrivateAnswers } from './kinds.ts';
import { TextMap } from './text-map.ts';
import { Poll } from './participation.ts';
import { LayoutChoice, OnStage, ShownSlides } from './stage/stage.ts';

/** Whether a public run is also sent as HLS, for more people than LiveKit would serve. */
export const LargeAudience = v.strictObject({
	state: v.picklist(['off', 'begins', 'on']),
	may_turn: v.boolean()
});
export type LargeAudience = v.InferOutput<typeof LargeAudience>;

/** `recording_of_run`: the state of a recording for everyone who may see the session. */
export const RecordedRun = v.strictObject({
	/** Null: nothing is recorded. */
	state: v.nullable(v.picklist(['wanted', 'running', 'paused'])),
	/** Why it is paused. */
	why: v.nullable(v.picklist(['run', 'consent'])),
	/** For those who run the session. */
	may_start: v.optional(v.boolean()),
	is_planned: v.optional(v.boolean()),
	/** It should run, and does not. */
	is_silent: v.optional(v.boolean()),
	/** People speak, and the recording is silent. */
	has_lost_sound: v.optional(v.boolean())
});
export type RecordedRun = v.InferOutput<typeof RecordedRun>;

/** A position in a recording to seek to. `at` in milliseconds. */
export const Chapter = v.strictObject({
	at: v.number(),
	kind: v.picklist(['began', 'on_stage', 'slide']),
	name: v.nullable(v.string()),
	page: v.nullable(v.number())
});
export type Chapter = v.InferOutput<typeof Chapter>;

/** The recordings of a session that may be watched. */
export const SessionRecording = v.strictObject({
	id: v.string(),
	session: v.string(),
	recorded_at: v.string(),
	length_ms: v.number(),
	chapters: v.array(Chapter)
});
export type SessionRecording = v.InferOutput<typeof SessionRecording>;

/** A recording in the list of a Summit, with the languages of its captions. */
export const PublishedRecording = v.strictObject({
	id: v.string(),
	session: v.string(),
	recorded_at: v.string(),
	length_ms: v.number(),
	languages: v.array(v.string())
});
export type PublishedRecording = v.InferOutput<typeof PublishedRecording>;

/** How a recording is trimmed. Milliseconds of the file, and of what was recorded. */
export const RecordingTrim = v.strictObject({
	/** Waiting: to be cut. Held: nothing may be cut off. Done: the whole file is still there. Kept: the rest is deleted. */
	state: v.picklist(['waiting', 'failed', 'held', 'done', 'kept']),
	/** Why it failed. No_picture: the span has no key frame to begin with; the others are technical. */
	reason: v.nullable(v.picklist(['', 'interrupted', 'gone', 'no_picture', 'unreadable', 'store'])),
	from_ms: v.nullable(v.number()),
	until_ms: v.nullable(v.number()),
	/** What was cut off at its beginning and at its end. */
	before_ms: v.number(),
	after_ms: v.number(),
	/** Lines of captions that are left out, and deleted with what was cut off. */
	lines: v.number(),
	may_undo: v.boolean()
});
export type RecordingTrim = v.InferOutput<typeof RecordingTrim>;

/** The sound of a recording in one language, for organisers. */
export const RecordingLanguage = v.strictObject({
	/** BCP 47. */
	language: v.string(),
	/** Leaving: a voice that was withdrawn is being taken out. Refused: nobody who interpreted had agreed. Silent: nobody interpreted. */
	state: v.picklist(['recording', 'waiting', 'ready', 'leaving', 'refused', 'silent', 'failed']),
	/** For how long nothing came from the recorder: there it has the original. */
	missing_ms: v.number(),
	/** Somebody interpreted who had not agreed. */
	is_refused: v.boolean(),
	is_left_out: v.boolean()
});
export type RecordingLanguage = v.InferOutput<typeof RecordingLanguage>;

/** A recording as organisers see it. */
export const ListedRecording = v.strictObject({
	id: v.string(),
	code: v.string(),
	title: TextMap,
	state: v.picklist(enums.recording_state),
	reason: v.string(),
	recorded_at: v.string(),
	length_ms: v.nullable(v.number()),
	is_published: v.boolean(),
	is_shown: v.boolean(),
	may_look: v.boolean(),
	has_file: v.boolean(),
	trim: v.nullable(RecordingTrim),
	languages: v.array(RecordingLanguage),
	chapters: v.array(Chapter),
	/** People who do not want to be seen. */
	without_consent: v.array(v.string())
});
export type ListedRecording = v.InferOutput<typeof ListedRecording>;

export const RecordingFile = v.strictObject({
	media_type: v.string(),
	size: v.number(),
	sha256: v.string()
});
export type RecordingFile = v.InferOutput<typeof RecordingFile>;

/** A line of captions, in milliseconds of the file. */
export const CaptionCue = v.strictObject({
	starts: v.number(),
	ends: v.number(),
	words: v.string()
});
export type CaptionCue = v.InferOutput<typeof CaptionCue>;

/** What the recorder's page shows, and whether to record now; the room and the identity stay on this server. */
export const RecorderRun = v.strictObject({
	room: v.nullable(v.string()),
	identity: v.string(),
	due: v.boolean(),
	title: TextMap,
	/** Those on stage who have consented; nobody else is heard or seen. */
	on_stage: v.array(OnStage),
	/** The layout that the hosts chose. */
	staged: LayoutChoice,
	slides: v.nullable(ShownSlides),
	/** The poll that is shown, as on the stage. */
	poll: v.nullable(Poll),
	/** Identities of signers who may be drawn. */
	signing: v.array(v.string()),
	/** The spoken booths, with the identity of an interpreter on air who agreed to be recorded. */
	booths: v.array(v.strictObject({ language: v.string(), identity: v.nullable(v.string()) }))
});
export type RecorderRun = v.InferOutput<typeof RecorderRun>;

/** What these functions answer. */
export const answers = {
	large_audience_state: v.nullable(LargeAudience),
	recording_of_run: v.nullable(RecordedRun),
	start_recording: answer(
		{
			ok: { recording: v.string() },
			already: { recording: v.string() },
			/** The names of those who have not agreed. */
			consent: { people: v.array(v.string()) }
		},
		'not_found',
		'over',
		'level',
		'not_planned'
	),
	list_published_recordings: v.array(PublishedRecording),
	session_recordings: v.array(SessionRecording),
	list_recordings: v.array(ListedRecording),
	open_recording: v.nullable(
		v.strictObject({
			...RecordingFile.entries,
			copy: v.nullable(RecordingFile),
			/** Its interpreted sound; what is left out is listed for organisers alone. */
			languages: v.array(v.strictObject({ ...RecordingFile.entries, language: v.string(), is_left_out: v.boolean() }))
		})
	),
	recording_captions: v.nullable(v.record(v.string(), v.array(CaptionCue)))
} satisfies Answers;

/** What these functions of `private` answer: their value, or their row. */
export const privateAnswers = {
	find_large_audience_stream: v.nullable(v.string()),
	read_large_audience_stream: v.strictObject({
		session_id: v.string(),
		object_key: v.string(),
		said: v.string()
	}),
	may_watch_large_audience: v.boolean(),
	rendered_view: v.nullable(RecorderRun),
	begin_recording_part: v.nullable(v.number()),
	rendered_slide: v.nullable(v.string()),
	list_recording_chunks: v.strictObject({
		part: v.number(),
		most_ms: v.number(),
		object: v.string()
	}),
	finish_recording: v.boolean(),
	claim_recording_copy: v.strictObject({
		recording: v.string(),
		object: v.string(),
		length_ms: v.number()
	}),
	hold_recording_copy: v.boolean(),
	finish_recording_copy: v.boolean(),
	claim_recording_trim: v.strictObject({
		recording: v.string(),
		object: v.string(),
		media_type: v.string(),
		from_ms: v.number(),
		until_ms: v.number()
	}),
	hold_recording_trim: v.boolean(),
	finish_recording_trim: v.boolean(),
	is_recorder_key: v.boolean(),
	claim_recording_language: v.strictObject({
		recording: v.string(),
		language: v.string(),
		is_new: v.boolean()
	}),
	list_language_chunks: v.strictObject({
		part: v.number(),
		before_ms: v.number(),
		length_ms: v.number(),
		starts_ms: v.number(),
		object: v.string()
	}),
	list_language_files: v.strictObject({
		is_whole: v.boolean(),
		picture: v.nullable(v.string()),
		sound: v.nullable(v.string()),
		starts_ms: v.number()
	}),
	list_leaving_voices: v.strictObject({ from_ms: v.number(), until_ms: v.number() }),
	list_languages_to_cut: v.strictObject({ language: v.string(), object: v.string() }),
	hold_recording_language: v.boolean(),
	finish_recording_language: v.boolean(),
	ensure_egress: v.nullable(
		v.strictObject({
			id: v.string(),
			object_key: v.string(),
			is_new: v.boolean()
		})
	),
	start_large_audiences: v.strictObject({
		id: v.string(),
		run: v.string(),
		object_key: v.string()
	}),
	list_egress_actions: v.strictObject({
		id: v.string(),
		egress_id: v.nullable(v.string()),
		object_key: v.string(),
		recording: v.nullable(v.string()),
		length_ms: v.nullable(v.number()),
		action: v.nullable(v.picklist(['stop', 'fetch', 'drop', 'look']))
	}),
	finish_egress: v.boolean(),
	claim_recorders: v.strictObject({
		recording: v.string(),
		is_new: v.boolean()
	}),
	claim_recordings_to_finish: v.string()
} satisfies PrivateAnswers;
