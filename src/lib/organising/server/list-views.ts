import type { AnswerOf } from '#lib/database/calls.ts';
import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';

/** The reader's saved views of all lists of a Summit, by name. */
export const listViews = (client: DataClient, summit: string) => rpc(client, 'my_list_views', { summit });

/** Saves a view of a list; one of the same name is replaced. */
export const saveListView = (
	client: DataClient,
	summit: string,
	view: { list: string; name: string; query: string }
): Promise<AnswerOf<'save_list_view'>> => rpc(client, 'save_list_view', { summit, ...view });

/** Deletes a view of the reader. */
export const deleteListView = (client: DataClient, view: string) => rpc(client, 'delete_list_view', { view });
