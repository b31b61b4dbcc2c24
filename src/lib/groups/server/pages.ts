import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import type { GroupPage } from '#lib/database/answers/group-pages.ts';
import { notFound } from '#lib/forms/server/action.ts';

async function read(client: DataClient, group: string, code: string, number: number | null): Promise<GroupPage | null> {
	const page = await rpc(client, 'read_group_page', { code, number });
	return page?.group.code === group ? page : null;
}

/** A page of a group; `version`: a published wording by its number. 404 for one that the reader does not read. */
export async function readGroupPage(
	client: DataClient,
	group: string,
	code: string,
	version: string | null
): Promise<GroupPage> {
	const number = version !== null && /^[1-9]\d{0,5}$/.test(version) ? Number(version) : null;
	return (await read(client, group, code, number)) ?? notFound();
}

/** A page for who writes it, null for a new one (`new`); 404 for all others. */
export async function readWrittenPage(client: DataClient, group: string, code: string): Promise<GroupPage | null> {
	if (code === 'new') return null;
	const page = await read(client, group, code, null);
	return page?.writes ? page : notFound();
}
