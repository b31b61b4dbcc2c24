import type { Sector } from '#lib/members/member.ts';
import type { StageSession } from '#lib/stage/stage.ts';

/** Where a question stands: those approved, current or answered are read by all who watch. */
export type QuestionState = 'asked' | 'approved' | 'current' | 'answered' | 'declined';

/** A question; `from` is null where nobody is named. */
export interface Question {
	id: string;
	body: string;
	from: string | null;
	state: QuestionState;
	votes: number;
}

/** One's own question, with why others may not see it. */
export interface OwnQuestion {
	id: string;
	body: string;
	is_shown: boolean;
	is_merged: boolean;
	is_declined: boolean;
}

/** Under what a question may be shown. */
export type ShownAs = 'name' | 'affiliation' | 'nobody';

/** What whoever runs a session has set. */
export interface ParticipationSettings {
	takes_questions: boolean;
	approve_first: boolean;
	takes_hands: boolean;
	chat: 'off' | 'open' | 'slow' | 'people';
	slow_seconds: number;
}

/** How sessions begin that nobody has set. */
export type ParticipationDefaults = Pick<ParticipationSettings, 'approve_first' | 'chat' | 'slow_seconds'>;

/** Where a hand is raised. */
export type HandPlace = 'hall' | 'home';

/** One's own hand, while it is up or one is called. */
export interface OwnHand {
	id: string;
	state: 'waiting' | 'called';
	place: HandPlace;
	with_camera: boolean;
}

/** A hand as whoever runs the session sees it. */
export interface QueuedHand extends OwnHand {
	name: string;
	affiliation: string;
}

/** A message of the chat; `from` is null where nobody is named. */
export interface ChatMessage {
	id: string;
	body: string;
	at: string;
	from: string | null;
}

/** A poll with its results; those by sector once it is closed, of small groups together (sector null). */
export interface Poll {
	id: string;
	question: string;
	kind: 'single' | 'multiple' | 'rating';
	state: 'draft' | 'open' | 'closed';
	by_sector: boolean;
	may_change: boolean;
	/** While it is open only who runs the session is told how the others vote. */
	results_at_end: boolean;
	at: string;
	voters: number;
	/** `votes` is null while they are not told. */
	options: { id: string; label: string; votes: number | null }[];
	sectors: { sector: Sector | null; voters: number; votes: Record<string, number> }[] | null;
}

/** `read_stage_sidebar`: what stands beside the picture, for one reader. */
export interface Participation {
	/** By the server's clock: milliseconds since 1970. */
	readAt: number;
	run: string;
	session: string;
	level: StageSession['level'];
	/** ok, sign_in, over, or why can_enter says no. */
	may: string;
	runs_it: boolean;
	settings: ParticipationSettings;
	questions: {
		names: ShownAs[];
		shown: Question[];
		mine: OwnQuestion[];
		voted: string[];
		/** For whoever runs the session. */
		waiting: Question[] | null;
	};
	hands: {
		mine: OwnHand | null;
		/** Ids of those that wait, in the order in which they are called. */
		order: string[];
		may_choose_place: boolean;
		/** The session may be recorded: whoever raises a hand is asked whether they may be. */
		asks_consent: boolean;
		has_agreed: boolean;
		/** Under 18, and their guardian has not agreed that they come on stage. */
		needs_guardian: boolean;
		/** For whoever runs the session. */
		queue: QueuedHand[] | null;
	};
	/** Null for whoever is left out of it. */
	chat: {
		/** ok, off, people, muted, or as `may`. */
		may: string;
		/** The same, were it open to all. */
		may_if_open: string;
		/** The reader has a part in the session: they write where only its people may. */
		is_of_people: boolean;
		messages: ChatMessage[];
		mine: string[];
		/** For whoever runs the session: messages whose authors write no more. */
		muted: string[] | null;
		/** For whoever runs the session: messages whose authors are named and barred. */
		barred: string[] | null;
	} | null;
	polls: {
		polls: Poll[];
		mine: Record<string, string[]>;
		/** What hall and home are shown. */
		shown: string | null;
		drafts: Poll[] | null;
	};
}
