import type { SupabaseClient } from '@supabase/supabase-js';
import { ask } from '#lib/database/server/ask.ts';
import type { Attendant, OwnAttendance, SessionAttendance } from '#lib/presence/attendance.ts';

/** Where the reader was, and how long. */
export function readOwnAttendance(client: SupabaseClient, summit: string): Promise<OwnAttendance[]> {
	return ask(client, 'my_attendance', { summit });
}

/** Figures of all sessions that have begun, for organisers of programme, stages and registrations. */
export function readAttendance(client: SupabaseClient, summit: string): Promise<SessionAttendance[]> {
	return ask(client, 'list_session_attendance', { summit });
}

/** Who was in a session; null for whoever may not know. */
export function readAttendants(client: SupabaseClient, session: string): Promise<Attendant[] | null> {
	return ask(client, 'list_session_attendees', { session });
}
