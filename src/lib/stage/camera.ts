/* The list of the camera and photo crew. No I/O. */
import type { CameraSession } from '#lib/database/answers/stage/camera.ts';

export type { CameraFacts, CameraList, CameraSession } from '#lib/database/answers/stage/camera.ts';

/** When a session is, for the crew: `next` begins within the hour, or first of all that are to come. */
export type CameraMoment = 'now' | 'next' | 'later' | 'over';

/** The moments in the order in which the crew needs them. */
export const cameraMoments: readonly CameraMoment[] = ['now', 'next', 'later', 'over'];

const hour = 60 * 60_000;

/** The sessions of a day by moment; a session that overruns is on while its run is. */
export function sessionsByMoment(sessions: readonly CameraSession[], now: number): Map<CameraMoment, CameraSession[]> {
	const starts = sessions.map(({ start }) => Date.parse(start)).filter((start) => start > now);
	const soon = Math.max(Math.min(...starts), now + hour);
	const found = new Map<CameraMoment, CameraSession[]>();
	for (const session of sessions) {
		const [start, end] = [Date.parse(session.start), Date.parse(session.end)];
		const isOn = session.run === 'live' || session.run === 'paused' || (start <= now && now < end);
		const moment = isOn ? 'now' : end <= now ? 'over' : start <= soon ? 'next' : 'later';
		found.set(moment, [...(found.get(moment) ?? []), session]);
	}
	return found;
}
