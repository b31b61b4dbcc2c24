import { enums } from '#lib/database/types.ts';
import * as v from 'valibot';
import { answer } from '../answer.ts';
import type { Answers } from '../kinds.ts';
import { TextMap } from '../text-map.ts';
import { SessionLink } from '../agenda/draft.ts';
import { PersonFacts } from '../agenda/facts.ts';
import { QuestionState, ShownAs } from '../participation.ts';

/** A task of a speaker; for one session, or once. */
export const Task = v.strictObject({
	task: v.picklist(['slides', 'texts', 'answer', 'profile', 'consents', 'availability', 'languages', 'check']),
	session_id: v.nullable(v.string()),
	participation_id: v.nullable(v.string()),
	title: v.nullable(TextMap),
	is_done: v.boolean(),
	due_at: v.nullable(v.string())
});
export type Task = v.InferOutput<typeof Task>;

/** The reader, or a person for whom they act, with all their tasks. */
export const Principal = v.strictObject({
	id: v.string(),
	name: v.string(),
	is_own: v.boolean(),
	interprets: v.boolean(),
	tasks: v.array(Task)
});
export type Principal = v.InferOutput<typeof Principal>;

/** A speaker's profile, for those who keep it up to date. */
export const Profile = v.strictObject({
	person_id: v.string(),
	code: v.string(),
	display_name: v.string(),
	office: v.string(),
	affiliation: v.string(),
	country: v.nullable(v.string()),
	biography: TextMap,
	links: v.array(
		v.strictObject({
			url: v.string()
		})
	),
	version: v.string(),
	is_protected: v.boolean(),
	may_affiliation: v.boolean(),
	in_review: v.boolean(),
	due_at: v.nullable(v.string())
});
export type Profile = v.InferOutput<typeof Profile>;

export const SessionTexts = v.strictObject({
	title: TextMap,
	abstract: TextMap,
	content_note: TextMap
});
export type SessionTexts = v.InferOutput<typeof SessionTexts>;

/** The texts of a session by its speakers. */
export const SessionWording = v.strictObject({
	...SessionTexts.entries,
	links: v.array(SessionLink)
});
export type SessionWording = v.InferOutput<typeof SessionWording>;

/** The texts of a session for its speakers; `is_direct`: they go straight into the draft. */
export const OwnTexts = v.strictObject({
	texts: SessionWording,
	version: v.number(),
	may_write: v.boolean(),
	due_at: v.nullable(v.string()),
	is_direct: v.boolean(),
	suggestion: v.nullable(
		v.strictObject({
			texts: SessionWording,
			state: v.picklist(['open', 'accepted', 'declined']),
			reason: v.string(),
			suggested_at: v.string()
		})
	)
});
export type OwnTexts = v.InferOutput<typeof OwnTexts>;

/** A person whom a speaker suggested for their session. */
export const CoSpeaker = v.strictObject({
	id: v.string(),
	display_name: v.string(),
	part: v.picklist(enums.session_role),
	state: v.picklist(['open', 'invited', 'declined']),
	is_mine: v.boolean()
});
export type CoSpeaker = v.InferOutput<typeof CoSpeaker>;

/** What a person may send in advance to a session, and has sent. */
export const QuestionBox = v.strictObject({
	status: v.picklist(['ok', 'no_entry', 'begun', 'off', 'not_found']),
	each: v.number(),
	names: v.array(ShownAs),
	level: v.picklist(enums.confidentiality),
	mine: v.array(
		v.strictObject({
			id: v.string(),
			body: v.string(),
			shown_as: ShownAs,
			state: QuestionState
		})
	)
});
export type QuestionBox = v.InferOutput<typeof QuestionBox>;

/** A question in advance, for those who answer it. */
const AdvanceQuestion = v.strictObject({
	id: v.string(),
	body: v.string(),
	from: v.nullable(v.string()),
	state: QuestionState
});

/** The questions of a session for its speakers; `erased_after`: nothing is kept. */
export const AdvanceQuestions = v.strictObject({
	level: v.picklist(enums.confidentiality),
	may_hide: v.boolean(),
	erased_after: v.boolean(),
	questions: v.array(AdvanceQuestion)
});
export type AdvanceQuestions = v.InferOutput<typeof AdvanceQuestions>;

export const SealedNeed = v.strictObject({
	kind: v.picklist(['equipment', 'access', 'interpretation', 'arrival']),
	visible_to: v.array(v.string()),
	need_sealed: v.nullable(v.string()),
	key_id: v.nullable(v.string())
});
export type SealedNeed = v.InferOutput<typeof SealedNeed>;

export const DeviceCheckOutcome = v.strictObject({
	device: v.picklist(['phone', 'tablet', 'computer']),
	camera: v.picklist(['failed', 'refused', 'ok', 'off', 'missing', 'busy', 'unsupported']),
	microphone: v.picklist(['failed', 'refused', 'ok', 'missing', 'busy', 'unsupported', 'silent']),
	loudspeaker: v.picklist(['ok', 'not_heard']),
	line: v.picklist(['away', 'ok', 'blocked', 'no_answer'])
});
export type DeviceCheckOutcome = v.InferOutput<typeof DeviceCheckOutcome>;

/** The last saved check. */
export const LastCheck = v.strictObject({
	...DeviceCheckOutcome.entries,
	checked_at: v.string(),
	is_ready: v.boolean()
});
export type LastCheck = v.InferOutput<typeof LastCheck>;

/** A person's consents in one session, each separate. */
export const ParticipationConsents = v.strictObject({
	live: v.boolean(),
	record: v.boolean(),
	publish: v.boolean(),
	photo: v.boolean()
});
export type ParticipationConsents = v.InferOutput<typeof ParticipationConsents>;

/** A session in which the reader takes part, as they see it. */
export const Participation = v.strictObject({
	id: v.string(),
	/** Whose it is: the reader's, or of a person for whom they act. */
	person_id: v.string(),
	person: v.string(),
	is_own: v.boolean(),
	session_id: v.string(),
	code: v.string(),
	title: TextMap,
	abstract: TextMap,
	content_note: TextMap,
	level: v.picklist(enums.confidentiality),
	attendance: v.picklist(enums.session_attendance),
	spoken: v.array(v.string()),
	interpreted: v.array(v.string()),
	is_recorded: v.boolean(),
	is_cancelled: v.boolean(),
	is_released: v.boolean(),
	role: v.picklist(enums.session_role),
	state: v.picklist(['invited', 'confirmed']),
	consents: ParticipationConsents,
	consents_said: v.boolean(),
	/** The answer about photographs for the whole Summit, if there is one. */
	photographs: v.nullable(v.picklist(['yes', 'no'])),
	/** The green room can be entered. */
	is_near: v.boolean(),
	slots: v.array(
		v.strictObject({
			start: v.string(),
			end: v.string(),
			rooms: v.array(
				v.strictObject({
					slug: v.string(),
					name: TextMap
				})
			)
		})
	),
	people: v.array(
		v.strictObject({
			display_name: v.string(),
			office: v.string(),
			affiliation: v.string(),
			role: v.picklist(enums.session_role),
			state: v.string(),
			is_me: v.boolean()
		})
	),
	run: v.nullable(
		v.strictObject({
			state: v.string(),
			room: v.string()
		})
	)
});
export type Participation = v.InferOutput<typeof Participation>;

/** When somebody said they can, in which zone they are then, and what they interpret. */
export const Availability = v.strictObject({
	...v.pick(PersonFacts, ['zone', 'during', 'pairs']).entries,
	is_said: v.boolean(),
	due_at: v.nullable(v.string())
});
export type Availability = v.InferOutput<typeof Availability>;

/** The debrief that is offered to somebody who worked in sessions with a content note. */
export const Debrief = v.strictObject({
	/** When, where and with whom, as the owners wrote it. */
	text: TextMap,
	sessions: v.array(v.strictObject({ code: v.string(), title: TextMap, ended_at: v.string() }))
});
export type Debrief = v.InferOutput<typeof Debrief>;

/** What these functions answer. */
export const answers = {
	my_debriefs: v.nullable(Debrief),
	list_my_speaker_tasks: v.array(Principal),
	read_speaker_profile: v.nullable(Profile),
	save_speaker_profile: answer(
		{ ok: { review: v.boolean() }, conflict: { profile: Profile }, invalid: { faults: v.array(v.string()) } },
		'not_found'
	),
	read_session_texts: v.nullable(OwnTexts),
	save_session_texts: answer(
		{ conflict: { texts: SessionWording, version: v.number() }, invalid: { faults: v.array(v.string()) } },
		/** In the draft. */
		'ok',
		'suggested',
		'same',
		'closed',
		'not_found'
	),
	list_co_speakers: v.array(CoSpeaker),
	read_advance_questions: v.nullable(QuestionBox),
	list_advance_questions: v.nullable(AdvanceQuestions),
	read_speaker_needs: v.nullable(
		v.strictObject({
			is_open: v.boolean(),
			erased_on: v.string(),
			needs: v.array(SealedNeed)
		})
	),
	reveal_speaker_needs: v.array(v.omit(SealedNeed, ['visible_to'])),
	my_participations: v.array(Participation),
	read_own_availability: v.nullable(Availability),
	read_device_check: v.nullable(
		v.strictObject({
			last: v.nullable(LastCheck),
			due_at: v.nullable(v.string()),
			no_photographs: v.boolean()
		})
	)
} satisfies Answers;
