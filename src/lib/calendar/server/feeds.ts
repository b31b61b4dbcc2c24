import type { DataClient } from '#lib/database/client.ts';
import type { Session } from '#lib/agenda/session.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { anonymousClient } from '#lib/database/server/supabase.ts';
import { clearOnChange, clearOnChangeOrPerson, LiveCache } from '#lib/live/server/live-cache.ts';
import { emptyFeed, type Feed } from '#lib/calendar/feed.ts';
import type { PolledFile } from './answer.ts';

const limits = { entries: 4000, ttl: 60_000 };
const feeds = new LiveCache<Feed>({ ...limits, onEvent: clearOnChange });
const files = new LiveCache<PersonalFile>({ ...limits, onEvent: clearOnChangeOrPerson });

/** The answer of a personal link: a person's file, or why there is none. */
export interface PersonalFile {
	status: 'ok' | 'ended' | 'unknown';
	person: string | null;
	file: PolledFile | null;
}

/** The public agenda with its events. */
export function readPublicFeed(summit: string): Promise<Feed> {
	return feeds.get(summit, async () => (await rpc(anonymousClient(), 'read_public_feed', { summit })) ?? emptyFeed);
}

/** One session as its own feed, as its reader may see it. */
export async function readSessionFeed(reader: DataClient, session: Session & Pick<Feed, 'release'>): Promise<Feed> {
	const events = await rpc(reader, 'read_session_events', { session: session.id });
	return { release: session.release, sessions: [session], events: events ?? {} };
}

/** The file of a personal link, cached until something of its person or of the agenda changes. */
export function personalFile(key: string, make: () => Promise<PersonalFile>): Promise<PersonalFile> {
	return files.get(
		key,
		async () => {
			const made = await make();
			// An unknown link is not cached, because anybody can try any key.
			if (made.status === 'unknown') files.delete(key);
			return made;
		},
		{ topicOf: ({ person }) => person && `person:${person}` }
	);
}
