import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { anonymousClient } from '#lib/database/server/supabase.ts';
import { clearOnChange, LiveCache } from '#lib/live/server/live-cache.ts';
import { isSlug, type Summit } from '#lib/summits/summit.ts';

const limits = { ttl: 60_000, cachesWithoutEvents: true, onEvent: clearOnChange };
const summits = new LiveCache<Summit | null>({ ...limits, entries: 200 });
// Each has one entry.
const current = new LiveCache<string | null>({ ...limits, entries: 1 });
const open = new LiveCache<string[]>({ ...limits, entries: 1 });

/** Removes every cached Summit. */
export function forgetSummits(): void {
	for (const cache of [summits, current, open]) cache.clear();
}

const read = (client: DataClient, slug: string): Promise<Summit | null> => rpc(client, 'read_summit', { slug });

/** The Summit of a slug as everyone sees it; for a signed-in reader also one that only they may see (a draft). */
export async function findSummit(slug: string, reader: DataClient | null): Promise<Summit | null> {
	if (!isSlug(slug)) return null;
	const summit = await summits.get(slug, () => read(anonymousClient(), slug));
	// What only this reader may see is never cached for others.
	return summit ?? (reader ? read(reader, slug) : null);
}

/** The slug of the current Summit, or null before the first one opens. */
export function currentSlug(): Promise<string | null> {
	return current.get('', readCurrent);
}

const readCurrent = (): Promise<string | null> => rpc(anonymousClient(), 'current_summit');

/** The slugs of all Summits that anybody may read, the newest first. */
export function openSlugs(): Promise<string[]> {
	return open.get('', readOpen);
}

async function readOpen(): Promise<string[]> {
	const { data, error } = await anonymousClient()
		.from('summits')
		.select('slug')
		.neq('state', 'draft')
		.eq('is_rehearsal', false)
		.order('starts_on', { ascending: false })
		.order('created_at', { ascending: false })
		.limit(100);
	if (error) throw new Error(`The Summits were refused (${error.code}).`);
	return (data as { slug: string }[]).map(({ slug }) => slug);
}
