import * as v from 'valibot';
import type { PrivateAnswers } from './kinds.ts';

/** What these functions of `private` answer: their value, or their row. */
export const privateAnswers = {
	caption_event: v.unknown(),
	hands_event: v.unknown(),
	languages_event: v.unknown(),
	message_event: v.unknown(),
	poll_event: v.unknown(),
	question_event: v.unknown(),
	settings_event: v.unknown(),
	slides_event: v.unknown(),
	stage_event: v.unknown(),
	today_event: v.unknown(),
	sessions_of_runs: v.object({
		run: v.string(),
		session: v.string(),
		summit: v.string()
	}),
	list_stale_subscribers: v.object({
		person_id: v.nullable(v.string())
	}),
	ended_auth_sessions: v.string()
} satisfies PrivateAnswers;
