import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { isId } from '#lib/forms/ids.ts';
import { LiveCache } from '#lib/live/server/live-cache.ts';
import type { SessionPage } from '#lib/agenda/reading.ts';

const code = /^[A-Z2-9]{4,12}$/;

/** One session as the reader may see it; null when there is none or the reader may not see it. */
export async function readSession(reader: DataClient, summit: string, asked: string): Promise<SessionPage | null> {
	const known = asked.toUpperCase();
	if (!code.test(known)) return null;
	return rpc(reader, 'read_session', { summit, code: known });
}

const marks = new LiveCache<Set<string>>({
	entries: 4000,
	ttl: 60_000,
	onEvent: ({ topic }, cache) => cache.delete(topic)
});

/** The ids of the sessions that the reader, who is this person, put into their own agenda. */
export function readMarks(reader: DataClient, person: string): Promise<ReadonlySet<string>> {
	const read = async () => {
		const { data, error } = await reader.from('agenda_marks').select('session_id').eq('person_id', person);
		if (error) throw new Error(`agenda_marks could not be read (${error.code}).`);
		return new Set((data as { session_id: string }[]).map((row) => row.session_id));
	};
	return marks.get(`person:${person}`, read);
}

/** Drops the cached marks of a person, after something else has set one. */
export function forgetMarks(person: string | null): void {
	marks.delete(`person:${person}`);
}

/** Adds a session to the reader's agenda or removes it; false when they may not see it. */
export async function markSession(
	reader: DataClient,
	person: string | null,
	session: string,
	isMarked: boolean
): Promise<boolean> {
	if (!isId(session)) return false;
	try {
		return (await rpc(reader, 'mark_session', { session, marked: isMarked })) === 'ok';
	} finally {
		// The page that comes next must not be faster than the event.
		forgetMarks(person);
	}
}
