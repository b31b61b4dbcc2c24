/* The list of a Summit's recordings. No I/O. */
import { findsAll, queryWords, textsOf } from '#lib/agenda/search.ts';
import type { Session } from '#lib/agenda/session.ts';
import type { PublishedRecording } from '#lib/database/answers/recording.ts';
import { dayKey } from '#lib/i18n/time.ts';

/** A recording with the session that it shows. */
export interface ListedPublication extends PublishedRecording {
	about: Session;
}

/** The recordings of the sessions that the reader sees and whose words contain the query, by day of the venue. */
export function recordingDays(
	recordings: readonly PublishedRecording[],
	sessions: readonly Session[],
	query: string,
	zone: string
): { day: string; recordings: ListedPublication[] }[] {
	const byId = new Map(sessions.map((session) => [session.id, session]));
	const words = queryWords(query);
	const listed = recordings.flatMap((recording) => {
		const about = byId.get(recording.session);
		return about && findsAll(words, textsOf(about, new Map())) ? [{ ...recording, about }] : [];
	});
	const days = Map.groupBy(listed, ({ recorded_at }) => dayKey(recorded_at, zone));
	return [...days].map(([day, theirs]) => ({ day, recordings: theirs }));
}
