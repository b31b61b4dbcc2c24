import { withNames } from './naming.ts';
import type { OnStage, OwnPart, Stage, StageSession } from './stage.ts';
import type { RunRecording } from '#lib/recording/recording.ts';
import type { StageEvent } from '#lib/database/answers/live.ts';

export type { StageEvent } from '#lib/database/answers/live.ts';

/** Reads the stage from a live event of a run; null: it has ended. */
export function parseStageEvent(content: unknown): StageEvent | null {
	return typeof content === 'object' && content !== null && 'run' in content ? (content as StageEvent) : null;
}

/** Whether an event says that the session was cancelled. */
export const isCancelled = (content: unknown): boolean =>
	typeof content === 'object' && content !== null && 'is_cancelled' in content;

const levels = ['public', 'members', 'chatham_house', 'closed'];

/** Whether fewer people may now know of a session than before. */
export function isRaised(before: Pick<StageSession, 'level'>, after: Pick<StageSession, 'level'>): boolean {
	return levels.indexOf(after.level) > levels.indexOf(before.level);
}

/** A stage as one reader sees it after an event: the result of reading it now, except what only their own page may know. */
export function applyStage(stage: Stage, event: StageEvent | null): Stage {
	const { room } = stage;
	if (event?.room !== room.slug) return emptied(room);
	if (stage.run === null || stage.run.id !== event.run.id) return stage;
	const on_stage = withNames(event.on_stage);
	return {
		...stage,
		run: event.run,
		session: event.session,
		on_stage,
		me: stage.me && placed(stage.me, on_stage),
		is_confirmed:
			stage.is_confirmed &&
			!isRaised(stage.session, event.session) &&
			['', stage.session.note_version].includes(event.session.note_version),
		flow: { ...event.flow, next: stage.flow.next },
		announcement: event.announcement
	};
}

/** Nothing is on: the room as it is read after its run. */
function emptied(room: Stage['room']): Stage {
	return {
		room,
		may_run: false,
		run: null,
		session: null,
		entry: null,
		role: null,
		on_stage: null,
		me: null,
		people: null,
		flow: null,
		announcement: null,
		cancelled: null,
		is_confirmed: false,
		clock: null
	};
}

/** A stage without names, until it is known who may still see them. */
export function withoutNames(stage: Stage): Stage {
	return stage.run === null ? stage : { ...stage, on_stage: [], people: stage.people && [] };
}

function placed(me: OwnPart, onStage: readonly OnStage[]): OwnPart {
	const isOn = onStage.some(({ code, identity }) => code === me.code || identity === me.identity);
	return isOn === me.is_on_stage ? me : { ...me, is_on_stage: isOn, is_silenced: false };
}

/** The recording as one reader sees it after an event. */
export function applyRecording(known: RunRecording, { recording, large }: StageEvent): RunRecording {
	return { ...known, ...recording, large: known.large && { ...known.large, state: large } };
}
