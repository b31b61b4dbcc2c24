import type { TextMap } from '#lib/i18n/locale.ts';
import type { SessionClock, StageFlow } from './flow.ts';
import type { Purpose } from './rights.ts';

/** The states of a run. */
export type RunState = 'waiting' | 'live' | 'paused' | 'ended';

/** The role of a person in a run. */
export type StageRole = 'host' | 'speaker' | 'interpreter' | 'captioner' | 'manager' | 'viewer' | 'hall';

/** The answer of can_enter for a stream. */
type EntryAnswer =
	| 'ok'
	| 'not_seen'
	| 'sign_in'
	| 'not_registered'
	| 'not_listed'
	| 'hall_only'
	| 'in_review'
	| 'barred'
	| 'no_place'
	| 'locked';

/** A room of the Summit. */
export interface StageRoom {
	slug: string;
	name: TextMap;
}

/** A session as the stage shows it. */
export interface StageSession {
	id: string;
	code: string;
	title: TextMap;
	content_note: TextMap;
	level: 'public' | 'members' | 'chatham_house' | 'closed';
	spoken: string[];
	interpreted: string[];
	is_recorded: boolean;
	is_released: boolean;
	start: string | null;
	end: string | null;
}

/** A run as its readers know it. */
export interface StageRun {
	id: string;
	state: RunState;
	started_at: string | null;
}

/** A person on stage, under their displayed name; `identity` is their LiveKit identity. */
export interface OnStage {
	identity: string;
	code: string;
	display_name: string;
	office: string;
	affiliation: string;
	country: string | null;
	role: StageRole;
	/** A hall's name. */
	name?: TextMap;
}

/** A person of the session, as its hosts see them. */
export interface StagePerson extends Omit<OnStage, 'identity' | 'country'> {
	identity: string | null;
	is_on_stage: boolean;
	is_kept_off: boolean;
	/** On stage with the microphone muted by a host. */
	is_silenced: boolean;
	/** A speaker who was made a host of this run. */
	is_run_host: boolean;
	is_barred: boolean;
}

/** The reader's own part in a run. */
export interface OwnPart {
	code: string;
	identity: string | null;
	is_on_stage: boolean;
	is_kept_off: boolean;
	is_silenced: boolean;
}

/** `read_stage`: a room and what the reader may know of its current run. */
export type Stage = { room: StageRoom & { id: string }; may_run: boolean } & (
	| {
			run: null;
			session: null;
			entry: null;
			role: null;
			on_stage: null;
			me: null;
			people: null;
			flow: null;
			is_confirmed: false;
			clock: null;
	  }
	| {
			run: StageRun;
			session: StageSession;
			entry: EntryAnswer;
			role: StageRole;
			on_stage: OnStage[];
			me: OwnPart | null;
			people: StagePerson[] | null;
			flow: StageFlow;
			is_confirmed: boolean;
			clock: SessionClock | null;
	  }
);

/** `read_backstage`: the green room's page of one session. */
export interface Backstage {
	session: StageSession;
	room: StageRoom | null;
	run: StageRun | null;
	role: StageRole;
	may_run: boolean;
	is_near: boolean;
	me: OwnPart & { no_photographs: boolean };
	people: StagePerson[];
	/** People in the green room who are not of the session: stage managers. */
	guests: Omit<OnStage, 'country'>[];
	flow: StageFlow | null;
	clock: SessionClock;
	/** The reader's own. */
	booths: { language: string; is_signed: boolean }[];
}

/** A backstage message. */
export interface BackstageMessage {
	id: string;
	code: string;
	display_name: string;
	words: string;
	at: string;
}

/** One room of `on_now`. */
export interface OnAir {
	room: StageRoom & { kind: string };
	session: StageSession;
	entry: EntryAnswer;
	run_id: string;
	state: RunState;
	started_at: string | null;
}

/** One room of `up_next`. */
export interface UpNext {
	room: StageRoom & { kind: string };
	session: StageSession;
	start: string;
	end: string;
}

/** The pass to a LiveKit room, or why there is none. `away`: LiveKit does not answer. */
export type Pass =
	| {
			status: 'ok';
			url: string;
			token: string;
			/** Milliseconds; after that a new one is requested. */
			until: number;
			run: string;
			purpose: Purpose;
			publish: readonly string[];
	  }
	| { status: 'away'; building: boolean }
	/** `busy`: another device sends for the hall. `unconfirmed`: the required confirmation is missing. */
	| { status: 'none' | 'not_backstage' | 'busy' | 'unconfirmed' | Exclude<EntryAnswer, 'ok'> };

/** The room of a requested pass. */
export interface PassRequest {
	purpose: Purpose;
	/** The session's code; without it the room's current run. */
	session: string | null;
	/** A stranger has confirmed what the session requires. */
	confirmed?: boolean;
}

/** Reads a request for a pass; null when it is invalid. */
export function passRequestFrom(value: unknown): PassRequest | null {
	if (typeof value !== 'object' || value === null) return null;
	const { purpose = 'stage', session = null, confirmed } = value as Record<string, unknown>;
	if (purpose !== 'stage' && purpose !== 'green_room') return null;
	if (session !== null && !(typeof session === 'string' && /^[A-Z0-9]{4,12}$/.test(session))) return null;
	return { purpose, session, confirmed: confirmed === true };
}

/** The reader has a part in the session, or runs it: they see the clock and the way onto the stage. */
export function hasPlace({ me, role, may_run }: Pick<Stage, 'me' | 'role' | 'may_run'>): boolean {
	return may_run || role === 'host' || role === 'speaker' || (me !== null && role !== 'viewer');
}
