import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import type { SetupFacts } from '#lib/summits/setup.ts';
import { readSummit } from '#lib/summits/server/settings.ts';

/** What the steps of the set-up are recognised from, as it is now. */
export async function readSetupFacts(client: DataClient, slug: string): Promise<SetupFacts> {
	const summit = await readSummit(client, slug);
	const [items, messages] = await Promise.all([
		rpc(client, 'list_launch_items', { summit: summit.id }),
		countMessages(client, summit.id)
	]);
	return { summit, items, messages };
}

async function countMessages(client: DataClient, summit: string): Promise<number> {
	const { count, error } = await client
		.from('group_messages')
		.select('id', { count: 'exact', head: true })
		.eq('summit_id', summit);
	if (error) throw new Error(`group_messages was refused (${error.code}).`);
	return count ?? 0;
}
