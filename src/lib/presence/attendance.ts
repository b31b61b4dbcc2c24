import type { OwnAttendance } from '#lib/database/answers/presence.ts';

export type { Attendant, OwnAttendance, SessionAttendance } from '#lib/database/answers/presence.ts';

/** The sum of the reader's own minutes of recordings. */
export function allWatched(attendance: readonly OwnAttendance[]): number {
	return attendance.reduce((sum, { watched }) => sum + watched, 0);
}

/** The sum of the reader's own minutes. */
export function allMinutes(attendance: readonly OwnAttendance[]): number {
	return attendance.reduce((sum, { minutes }) => sum + minutes, 0);
}

/** In how many sessions the reader was, without those of which they only watched a recording. */
export function attendedSessions(attendance: readonly OwnAttendance[]): number {
	return attendance.filter(({ minutes }) => minutes > 0).length;
}
