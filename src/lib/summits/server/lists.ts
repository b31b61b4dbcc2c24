import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import type { SupabaseClient } from '@supabase/supabase-js';
import type { feeRows } from '#lib/summits/fee-form.ts';
import type { List, ListRow } from '#lib/summits/lists.ts';

type Stored = Pick<List, 'table'> | typeof feeRows;

/** The rows of one list of a Summit, in order. */
export async function readListRows(client: DataClient, list: Stored, summit: string): Promise<ListRow[]> {
	const order = list.table === 'fees' ? 'id' : 'position';
	// All these tables have these columns; their rows differ, and `ListRow` has what they share.
	const untyped: SupabaseClient = client;
	const { data, error } = await untyped.from(list.table).select('*').eq('summit_id', summit).order(order).order('id');
	if (error) throw new Error(`${list.table} was refused (${error.code}).`);
	return data as ListRow[];
}

/** Adds a row at the end (`id` null), or changes one. */
export async function saveRow(
	client: DataClient,
	list: Stored,
	summit: string,
	id: string | null,
	fields: Record<string, unknown>
) {
	return rpc(client, 'save_setting', { summit, table_name: list.table, row_id: id, fields });
}

/** Removes a row, unless something refers to it. */
export async function removeRow(client: DataClient, list: Stored, summit: string, id: string) {
	return rpc(client, 'remove_setting', { summit, table_name: list.table, row_id: id });
}

/** Moves a row one place up or down. */
export async function moveRow(client: DataClient, list: Stored, summit: string, id: string, by: -1 | 1) {
	return rpc(client, 'move_setting', { summit, table_name: list.table, row_id: id, by });
}
