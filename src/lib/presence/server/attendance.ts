import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import type { Attendant, OwnAttendance, SessionAttendance } from '#lib/presence/attendance.ts';

/** The sessions that the reader attended, and how long. */
export function readOwnAttendance(client: DataClient, summit: string): Promise<OwnAttendance[]> {
	return rpc(client, 'my_attendance', { summit });
}

/** Figures of all sessions that have begun, for organisers of programme, stages and registrations. */
export function readAttendance(client: DataClient, summit: string): Promise<SessionAttendance[]> {
	return rpc(client, 'list_session_attendance', { summit });
}

/** Whether watching recordings counts as attendance; null for readers who see no attendance. */
export function readWatchSettings(client: DataClient, summit: string) {
	return rpc(client, 'watch_settings', { summit });
}

/** Sets it, for registration organisers. */
export function setWatchCounting(client: DataClient, summit: string, counts: boolean) {
	return rpc(client, 'set_watch_counting', { summit, counts });
}

/** The people who attended a session; null for readers who may not see them. */
export function readAttendants(client: DataClient, session: string): Promise<Attendant[] | null> {
	return rpc(client, 'list_session_attendees', { session });
}
