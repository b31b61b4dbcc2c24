import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';

const same = (one: string, other: string) =>
	one.localeCompare(other, 'en', { sensitivity: 'base', ignorePunctuation: true }) === 0;

/** The members of a Summit by their names; the first name that none has, where there is one. */
export async function findPartners(
	client: DataClient,
	summit: string,
	names: readonly string[]
): Promise<{ ids: string[] } | { unknown: string }> {
	const ids: string[] = [];
	for (const name of names) {
		const { members } = await rpc(client, 'search_members', { summit, query: name, most: 50 });
		const found = members.find((member) => same(member.name, name));
		if (!found) return { unknown: name };
		ids.push(found.id);
	}
	return { ids };
}
