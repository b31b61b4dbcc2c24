import type { Sector } from '#lib/members/member.ts';
import type { StageSession } from '#lib/stage/stage.ts';

/** The state of a question: those approved, current or answered are visible to all viewers. */
export type QuestionState = 'asked' | 'approved' | 'current' | 'answered' | 'declined';

/** A question; `from` is null where authors are not named. */
export interface Question {
	id: string;
	body: string;
	from: string | null;
	state: QuestionState;
	votes: number;
}

/** One's own question, with why others may not see it. */
interface OwnQuestion {
	id: string;
	body: string;
	is_shown: boolean;
	is_merged: boolean;
	is_declined: boolean;
}

/** How the author of a question may be shown. */
export type ShownAs = 'name' | 'affiliation' | 'nobody';

/** The settings of a session by those who run it. */
export interface ParticipationSettings {
	takes_questions: boolean;
	approve_first: boolean;
	takes_hands: boolean;
	chat: 'off' | 'open' | 'slow' | 'people';
	slow_seconds: number;
}

/** The defaults of sessions without settings. */
export type ParticipationDefaults = Pick<ParticipationSettings, 'approve_first' | 'chat' | 'slow_seconds'>;

/** Where a hand is raised. */
type HandPlace = 'hall' | 'home';

/** One's own hand, while it is up or one is called. */
export interface OwnHand {
	id: string;
	state: 'waiting' | 'called';
	place: HandPlace;
	with_camera: boolean;
}

/** A hand as those who run the session see it. */
interface QueuedHand extends OwnHand {
	name: string;
	affiliation: string;
}

/** A message of the chat; `from` is null where authors are not named. */
export interface ChatMessage {
	id: string;
	body: string;
	at: string;
	from: string | null;
}

/** A poll with its results; those by sector once it is closed, with small groups together (sector null). */
export interface Poll {
	id: string;
	question: string;
	kind: 'single' | 'multiple' | 'rating';
	state: 'draft' | 'open' | 'closed';
	by_sector: boolean;
	may_change: boolean;
	/** While it is open only those who run the session see the votes. */
	results_at_end: boolean;
	at: string;
	voters: number;
	/** `votes` is null while they are hidden. */
	options: { id: string; label: string; votes: number | null }[];
	sectors: { sector: Sector | null; voters: number; votes: Record<string, number> }[] | null;
}

/** `read_stage_sidebar`: the content beside the video, for one reader. */
export interface ParticipationData {
	/** By the server's clock: milliseconds since 1970. */
	readAt: number;
	run: string;
	session: string;
	level: StageSession['level'];
	/** ok, sign_in, over, or a status of can_enter. */
	may: string;
	runs_it: boolean;
	settings: ParticipationSettings;
	questions: {
		names: ShownAs[];
		shown: Question[];
		mine: OwnQuestion[];
		voted: string[];
		/** For those who run the session. */
		waiting: Question[] | null;
	};
	hands: {
		mine: OwnHand | null;
		/** Ids of those that wait, in the order in which they are called. */
		order: string[];
		may_choose_place: boolean;
		/** The session may be recorded: a person who raises a hand is asked for recording consent. */
		asks_consent: boolean;
		has_agreed: boolean;
		/** Under 18, without a guardian's consent to come on stage. */
		needs_guardian: boolean;
		/** For those who run the session. */
		queue: QueuedHand[] | null;
	};
	/** Null for those who are excluded from it. */
	chat: {
		/** ok, off, people, muted, or as `may`. */
		may: string;
		/** The status if the chat were open to all. */
		may_if_open: string;
		/** The reader has a part in the session: they write where only its people may. */
		is_of_people: boolean;
		messages: ChatMessage[];
		mine: string[];
		/** For those who run the session: messages whose authors are muted. */
		muted: string[] | null;
		/** For those who run the session: messages whose authors are named and barred. */
		barred: string[] | null;
	} | null;
	polls: {
		polls: Poll[];
		mine: Record<string, string[]>;
		/** The poll that hall and home are shown. */
		shown: string | null;
		drafts: Poll[] | null;
	};
}
