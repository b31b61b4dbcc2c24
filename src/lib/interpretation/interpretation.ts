import type { StageFlow } from '#lib/stage/flow.ts';
import type { OnStage, OwnPart, StageRoom, StageRun, StageSession } from '#lib/stage/stage.ts';

/** One booth of a run as its listeners know it. */
export interface Language {
	/** BCP 47. */
	language: string;
	/** Video instead of audio. */
	is_signed: boolean;
	/** The LiveKit identity of who is on air; null: nobody. */
	identity: string | null;
	/** Whether anybody works in this booth. */
	is_staffed: boolean;
}

/** `read_languages`: the booths of the present run in a room. */
export interface Languages {
	languages: Language[];
	/** Booths that the reader works in. */
	own: string[];
}

/** One direction in which a person works. */
export interface Pair {
	source: string;
	target: string;
}

/** An interpreter of the session in relation to one booth. */
interface BoothPerson {
	code: string;
	display_name: string;
	is_of_booth: boolean;
	/** Their page of the booth is open and connected. */
	is_here: boolean;
	is_on_air: boolean;
	pairs: Pair[];
}

/** A message to the others of a booth. */
interface BoothLine {
	id: number;
	by: string;
	is_mine: boolean;
	words: string;
	at: string;
}

/** A booth as those who work in it, or run the stage, see it. */
export interface Booth {
	language: string;
	is_signed: boolean;
	hint_minutes: number;
	is_on_air: boolean;
	since: string | null;
	is_offered: boolean;
	people: BoothPerson[];
	lines: BoothLine[];
}

/** `read_booth`: the page of one booth. */
export interface BoothView {
	run: StageRun;
	session: StageSession;
	room: StageRoom;
	booth: Booth;
	languages: Language[];
	on_stage: OnStage[];
	flow: StageFlow;
	/** Booths that the reader works in. */
	own: string[];
	may_run: boolean;
	may_interpret: boolean;
	me: Pick<OwnPart, 'code' | 'identity' | 'is_on_stage'> & { is_on_air: boolean };
}

/** Reads the languages of a run from a live event; null for anything else. */
export function parseLanguages(content: unknown): Language[] | null {
	const isLanguage = (one: unknown) =>
		typeof one === 'object' && one !== null && 'language' in one && 'identity' in one;
	return Array.isArray(content) && content.every(isLanguage) ? (content as Language[]) : null;
}

/** Whether a text has the format of a booth's language tag. */
export function isLanguageTag(value: string): boolean {
	return value.length <= 35 && /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(value);
}
