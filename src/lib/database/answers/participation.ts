import { domains, enums } from '#lib/database/types.ts';
import * as v from 'valibot';
import type { Answers } from './kinds.ts';

/** The settings of a session by those who run it. */
export const ParticipationSettings = v.strictObject({
	takes_questions: v.boolean(),
	approve_first: v.boolean(),
	takes_hands: v.boolean(),
	chat: v.picklist(['off', 'open', 'slow', 'people']),
	slow_seconds: v.number()
});
export type ParticipationSettings = v.InferOutput<typeof ParticipationSettings>;

/** How the author of a question may be shown. */
export const ShownAs = v.picklist(['name', 'affiliation', 'nobody']);
export type ShownAs = v.InferOutput<typeof ShownAs>;

/** The state of a question: those approved, current or answered are visible to all viewers. */
export const QuestionState = v.picklist(['asked', 'approved', 'current', 'answered', 'declined']);
export type QuestionState = v.InferOutput<typeof QuestionState>;

/** A question; `from` is null where authors are not named. */
export const Question = v.strictObject({
	id: v.string(),
	body: v.string(),
	from: v.nullable(v.string()),
	state: QuestionState,
	votes: v.number()
});
export type Question = v.InferOutput<typeof Question>;

/** One's own question, with why others may not see it. */
const OwnQuestion = v.strictObject({
	id: v.string(),
	body: v.string(),
	is_shown: v.boolean(),
	is_merged: v.boolean(),
	is_declined: v.boolean()
});

/** One's own hand, while it is up or one is called. */
export const OwnHand = v.strictObject({
	id: v.string(),
	state: v.picklist(['waiting', 'called']),
	place: v.picklist(enums.hand_place),
	with_camera: v.boolean()
});
export type OwnHand = v.InferOutput<typeof OwnHand>;

/** A hand as those who run the session see it. */
const QueuedHand = v.strictObject({
	...OwnHand.entries,
	name: v.string(),
	affiliation: v.string()
});

/** A message of the chat; `from` is null where authors are not named. */
export const ChatMessage = v.strictObject({
	id: v.string(),
	body: v.string(),
	at: v.string(),
	from: v.nullable(v.string())
});
export type ChatMessage = v.InferOutput<typeof ChatMessage>;

/** A poll with its results; those by sector once it is closed, with small groups together (sector null). */
export const Poll = v.strictObject({
	id: v.string(),
	question: v.string(),
	kind: v.picklist(['single', 'multiple', 'rating']),
	state: v.picklist(['draft', 'open', 'closed']),
	by_sector: v.boolean(),
	may_change: v.boolean(),
	/** While it is open only those who run the session see the votes. */
	results_at_end: v.boolean(),
	at: v.string(),
	voters: v.number(),
	/** `votes` is null while they are hidden. */
	options: v.array(
		v.strictObject({
			id: v.string(),
			label: v.string(),
			votes: v.nullable(v.number())
		})
	),
	sectors: v.nullable(
		v.array(
			v.strictObject({
				sector: v.nullable(v.picklist(enums.sector)),
				voters: v.number(),
				votes: v.record(v.string(), v.number())
			})
		)
	)
});
export type Poll = v.InferOutput<typeof Poll>;

/** Whether somebody may take part in a run, or why not. */
const MayTakePart = v.picklist(domains.question_vote_status);

/** Whether somebody may write in its chat, or why not. */
export const MayWrite = v.picklist(domains.message_status);
export type MayWrite = v.InferOutput<typeof MayWrite>;

/** `read_stage_sidebar`: the content beside the video, for one reader. */
export const SidebarData = v.strictObject({
	run: v.string(),
	session: v.string(),
	level: v.picklist(enums.confidentiality),
	may: MayTakePart,
	runs_it: v.boolean(),
	settings: ParticipationSettings,
	questions: v.strictObject({
		names: v.array(ShownAs),
		shown: v.array(Question),
		mine: v.array(OwnQuestion),
		voted: v.array(v.string()),
		/** For those who run the session. */
		waiting: v.nullable(v.array(Question))
	}),
	hands: v.strictObject({
		mine: v.nullable(OwnHand),
		/** Ids of those that wait, in the order in which they are called. */
		order: v.array(v.string()),
		may_choose_place: v.boolean(),
		/** The session may be recorded: a person who raises a hand is asked for recording consent. */
		asks_consent: v.boolean(),
		has_agreed: v.boolean(),
		/** Under 18, without a guardian's consent to come on stage. */
		needs_guardian: v.boolean(),
		/** For those who run the session. */
		queue: v.nullable(v.array(QueuedHand))
	}),
	/** Null for those who are excluded from it. */
	chat: v.nullable(
		v.strictObject({
			may: MayWrite,
			/** The status if the chat were open to all. */
			may_if_open: MayWrite,
			/** The reader has a part in the session: they write where only its people may. */
			is_of_people: v.boolean(),
			messages: v.array(ChatMessage),
			mine: v.array(v.string()),
			/** For those who run the session: messages whose authors are muted. */
			muted: v.nullable(v.array(v.string())),
			/** For those who run the session: messages whose authors are named and barred. */
			barred: v.nullable(v.array(v.string()))
		})
	),
	polls: v.strictObject({
		polls: v.array(Poll),
		mine: v.record(v.string(), v.array(v.string())),
		/** The poll that hall and home are shown. */
		shown: v.nullable(v.string()),
		drafts: v.nullable(v.array(Poll))
	})
});
export type SidebarData = v.InferOutput<typeof SidebarData>;

/** The defaults of sessions without settings. */
export const ParticipationDefaults = v.strictObject({
	chat: ParticipationSettings.entries.chat,
	approve_first: v.boolean(),
	slow_seconds: v.number()
});
export type ParticipationDefaults = v.InferOutput<typeof ParticipationDefaults>;

/** What these functions answer. */
export const answers = {
	read_stage_sidebar: v.nullable(SidebarData),
	read_participation_defaults: v.nullable(ParticipationDefaults)
} satisfies Answers;
