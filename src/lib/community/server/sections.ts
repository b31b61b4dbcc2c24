import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { anonymousClient } from '#lib/database/server/supabase.ts';
import { clearOnChangeOrPerson, LiveCache } from '#lib/live/server/live-cache.ts';
import type { CommunitySection } from '#lib/ui/navigation.ts';

/** By person; '' for visitors. */
const sections = new LiveCache<CommunitySection[]>({ entries: 5000, ttl: 60_000, onEvent: clearOnChangeOrPerson });

/** The sections of the community in which the reader sees something, in the order of the navigation. */
export function communitySections(locals: {
	supabase: DataClient;
	viewer: { personId: string | null } | null;
}): Promise<CommunitySection[]> {
	const person = locals.viewer?.personId;
	return sections.get(
		person ?? '',
		() => rpc(person ? locals.supabase : anonymousClient(), 'community_sections'),
		person ? { topicOf: () => `person:${person}` } : {}
	);
}
