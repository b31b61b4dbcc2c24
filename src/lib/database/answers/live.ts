import * as v from 'valibot';
import { CaptionLine } from './captions.ts';
import { DayOverview } from './door/today.ts';
import { Language } from './interpretation.ts';
import type { PrivateAnswers } from './kinds.ts';
import { ChatMessage, ParticipationSettings, Poll, Question } from './participation.ts';
import { OnStage, ShownSlides, StageAnnouncement, StageFlow, StageRun, StageSession } from './stage/stage.ts';

/** Something changed that not all subscribers may read: those who may load it themselves. */
const Older = v.strictObject({ older: v.literal(true) });

/** `stage_event`: what everyone who may enter a run sees of its stage at one moment. */
export const StageEvent = v.strictObject({
	run: StageRun,
	/** The slug of its room. */
	room: v.string(),
	session: StageSession,
	on_stage: v.array(OnStage),
	/** Without what comes next, which differs between readers. */
	flow: v.omit(StageFlow, ['next']),
	announcement: v.nullable(StageAnnouncement),
	recording: v.strictObject({
		state: v.nullable(v.picklist(['wanted', 'running', 'paused'])),
		why: v.nullable(v.picklist(['run', 'consent']))
	}),
	/** Whether the run is also sent as HLS. */
	large: v.picklist(['off', 'begins', 'on'])
});
export type StageEvent = v.InferOutput<typeof StageEvent>;

/** The same, once a run has ended because its session was cancelled. */
const CancelledEvent = v.strictObject({ is_cancelled: v.literal(true) });

/** What these functions of `private` answer: their value, or their row. The content of an event is null when its subject is gone. */
export const privateAnswers = {
	caption_event: v.nullable(v.union([CaptionLine, Older])),
	hands_event: v.strictObject({ order: v.array(v.string()) }),
	languages_event: v.nullable(v.array(Language)),
	message_event: v.nullable(ChatMessage),
	poll_event: v.nullable(v.union([Poll, Older])),
	question_event: v.nullable(v.union([Question, Older])),
	settings_event: v.nullable(ParticipationSettings),
	slides_event: v.nullable(ShownSlides),
	stage_event: v.nullable(v.union([StageEvent, CancelledEvent])),
	today_event: DayOverview,
	sessions_of_runs: v.strictObject({
		run: v.string(),
		session: v.string(),
		summit: v.string()
	}),
	list_stale_subscribers: v.strictObject({
		person_id: v.nullable(v.string())
	}),
	ended_auth_sessions: v.string()
} satisfies PrivateAnswers;
