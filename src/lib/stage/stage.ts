import type { Purpose } from './rights.ts';
import type { EntryAnswer, Stage } from '#lib/database/answers/stage/stage.ts';

export type {
	Backstage,
	BackstageMessage,
	OnAir,
	OnStage,
	OwnPart,
	Stage,
	StageAnnouncement,
	StagePerson,
	StageRole,
	StageRun,
	StageSession,
	UpNext
} from '#lib/database/answers/stage/stage.ts';

/** The states of a run. */
export type RunState = 'waiting' | 'live' | 'paused' | 'ended';

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
			/** The breakout room of a meeting; 0: the room of all. */
			number?: number;
	  }
	| { status: 'away'; building: boolean }
	/** `busy`: another device sends for the hall. `unconfirmed`: the required confirmation is missing. */
	| { status: 'none' | 'not_backstage' | 'busy' | 'unconfirmed' | Exclude<EntryAnswer, 'ok'> }
	/** Of the room of a meeting: it is not open or full, the person waits for a host, or a host removed them. */
	| { status: 'closed' | 'full' | 'waiting' | 'removed' };

/** The room of a requested pass. */
export interface PassRequest {
	purpose: Purpose;
	/** The session's code; without it the room's current run. */
	session: string | null;
	/** A signed-out viewer has confirmed what the session requires. */
	confirmed?: boolean;
	/** Of the room of a meeting: the person wants to send their camera. */
	camera?: boolean;
}

/** Reads a request for a pass; null when it is invalid. */
export function passRequestFrom(value: unknown): PassRequest | null {
	if (typeof value !== 'object' || value === null) return null;
	const { purpose = 'stage', session = null, confirmed, camera } = value as Record<string, unknown>;
	if (purpose !== 'stage' && purpose !== 'green_room') return null;
	if (session !== null && !(typeof session === 'string' && /^[A-Z0-9]{4,12}$/.test(session))) return null;
	return { purpose, session, confirmed: confirmed === true, ...(camera === true && { camera }) };
}

/** The reader has a part in the session, or runs it: they see the clock and the way onto the stage. */
export function hasPlace({ me, role, may_run }: Pick<Stage, 'me' | 'role' | 'may_run'>): boolean {
	return may_run || role === 'host' || role === 'speaker' || (me !== null && role !== 'viewer');
}
