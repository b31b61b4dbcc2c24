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
export interface Settings {
	takes_questions: boolean;
	approve_first: boolean;
	takes_hands: boolean;
	chat: 'off' | 'open' | 'slow' | 'people';
	slow_seconds: number;
}

/** `read_participation`: what stands beside the picture, for one reader. */
export interface Participation {
	run: string;
	session: string;
	level: StageSession['level'];
	/** ok, sign_in, over, or why can_enter says no. */
	may: string;
	runs_it: boolean;
	settings: Settings;
	questions: {
		names: ShownAs[];
		shown: Question[];
		mine: OwnQuestion[];
		voted: string[];
		/** For whoever runs the session. */
		waiting: Question[] | null;
	};
}
