import type { DataClient } from '#lib/database/client.ts';
import type { Agenda } from '#lib/agenda/session.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { LiveCache } from '#lib/live/server/live-cache.ts';
import type { OwnChanges } from '#lib/database/answers/agenda/changes.ts';

interface Unseen {
	/** The newest release at the time of the count. */
	release: string;
	count: number;
}

const unseen = new LiveCache<Unseen>({
	entries: 4000,
	ttl: 60_000,
	onEvent: ({ topic }, cache) => cache.delete(topic)
});

/** The reader's unread changes; `isVisit` records a visit. Null for a reader without a personal agenda. */
export async function readUnreadChanges(
	client: DataClient,
	person: string,
	summit: string,
	isVisit: boolean
): Promise<OwnChanges | null> {
	const unread = await rpc(client, 'read_unread_changes', { summit, visit: isVisit });
	if (isVisit) unseen.delete(`person:${person}`);
	return unread;
}

/** Dismisses what was shown, up to a release. */
export function dismissChanges(client: DataClient, summit: string, number: number) {
	return rpc(client, 'dismiss_agenda_changes', { summit, number });
}

/**
 * The number of unread changes in the sessions of the reader, who is this person; cached by the newest release's id.
 */
async function countUnseen(client: DataClient, person: string, summit: string, release: string): Promise<number> {
	const count = async () => ({ release, count: await rpc(client, 'count_unread_changes', { summit }) });
	const key = `person:${person}`;
	const known = await unseen.get(key, count);
	if (known.release === release) return known.count;
	unseen.delete(key);
	return (await unseen.get(key, count)).count;
}

/** The same for a page of the agenda, once a request; 0 for a signed-out reader, and before the first release. */
export async function unseenIn(locals: App.Locals, { release }: Agenda): Promise<number> {
	const { viewer, shownSummit: summit, supabase } = locals;
	locals.unseenChanges ??=
		viewer?.personId && summit && release ? await countUnseen(supabase, viewer.personId, summit.id, release.id) : 0;
	return locals.unseenChanges;
}

/** Whether a person opens the page to read it: no offline copy, no prefetch, no program. */
export function isVisit(request: Request, url: URL): boolean {
	return (
		request.headers.get('sec-fetch-dest') === 'document' &&
		!request.headers.has('sec-purpose') &&
		!url.searchParams.has('keep')
	);
}
