import type { DataClient } from '#lib/database/client.ts';
import type { Session } from '#lib/agenda/session.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { anonymousClient } from '#lib/database/server/supabase.ts';
import { TtlCache } from '#lib/live/ttl-cache.ts';
import { subscribe, eventListener } from '#lib/live/server/listener.ts';
import { affectsCache } from '#lib/live/topics.ts';
import { feedFrom, type EventFacts, type Feed } from '#lib/calendar/feed.ts';
import type { KeptFile } from './answer.ts';

const limits = { entries: 4000, maxAge: 60_000 };
const feeds = new TtlCache<Feed>(limits);
const files = new TtlCache<PersonalFile>(limits);
let hearing = false;

/** What a personal link answers with: a file of somebody's, or why there is none. */
export interface PersonalFile {
	status: 'ok' | 'ended' | 'unknown';
	person: string | null;
	file: KeptFile | null;
}

function forget(): void {
	feeds.clear();
	files.clear();
}

function hear(): void {
	if (hearing) return;
	hearing = true;
	subscribe({
		onEvent: (news) => {
			if (news.topic.startsWith('person:')) files.deleteTopic(news.topic);
			else if (affectsCache(news)) forget();
		},
		resync: forget
	});
}

// Without LISTEN nothing would be dropped, so nothing is kept.
function listens(): boolean {
	hear();
	return eventListener()?.connected() ?? false;
}

/** The public agenda with its events. */
export function readPublicFeed(summit: string): Promise<Feed> {
	const read = async () => feedFrom(await rpc(anonymousClient(), 'read_public_feed', { summit }));
	return listens() ? feeds.get(summit, read) : read();
}

/** One session, as its reader may see it, as a feed of its own. */
export async function readSessionFeed(reader: DataClient, session: Session & Pick<Feed, 'release'>): Promise<Feed> {
	const events = await rpc<Record<string, EventFacts[]> | null>(reader, 'read_session_events', { session: session.id });
	return { release: session.release, sessions: [session], events: events ?? {} };
}

/** The file of a personal link, made once and kept until something of its person or of the agenda changes. */
export function personalFile(key: string, make: () => Promise<PersonalFile>): Promise<PersonalFile> {
	// A link that never was is not kept: its key is whatever somebody tries.
	if (!listens()) return make();
	return files.get(
		key,
		async () => {
			const made = await make();
			if (made.status === 'unknown') files.delete(key);
			return made;
		},
		({ person }) => person && `person:${person}`
	);
}
