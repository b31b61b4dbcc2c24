import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { anonymousClient } from '#lib/database/server/supabase.ts';
import { clearOnChange, LiveCache } from '#lib/live/server/live-cache.ts';
import type { PageLink, ShownPage } from '#lib/pages/page.ts';
import type { Summit } from '#lib/summits/summit.ts';

const links = new LiveCache<PageLink[]>({
	entries: 100,
	ttl: 60_000,
	cachesWithoutEvents: true,
	onEvent: clearOnChange
});

/** The published pages of a Summit that anybody may read, in the order of their places. */
export const listPublicPages = (summit: string): Promise<PageLink[]> =>
	links.get(summit, () => rpc(anonymousClient(), 'list_published_pages', { summit }));

/** The published pages that the reader sees; those of a Summit that is a draft, its organisers alone. */
export function listPageLinks(client: DataClient, summit: Pick<Summit, 'id' | 'state'>): Promise<PageLink[]> {
	return summit.state === 'draft'
		? rpc(client, 'list_published_pages', { summit: summit.id })
		: listPublicPages(summit.id);
}

/** The published pages with these addresses, in the order of the addresses. */
export const readPages = (client: DataClient, summit: string, slugs: readonly string[]): Promise<ShownPage[]> =>
	rpc(client, 'read_pages', { summit, slugs: [...slugs] });
