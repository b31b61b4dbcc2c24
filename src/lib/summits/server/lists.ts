import type { SupabaseClient } from '@supabase/supabase-js';
import { ask } from '#lib/database/server/ask.ts';
import type { List, ListRow } from '#lib/summits/lists.ts';

/** What became of a row: `taken` when its short name is another's, `in_use` when sessions or answers refer to it. */
export type RowOutcome = 'ok' | 'taken' | 'in_use' | 'unknown' | 'not_allowed' | 'invalid';

/** The rows of one list of a Summit, in order. */
export async function readRows(client: SupabaseClient, list: List, summit: string): Promise<ListRow[]> {
	const order = list.isOrdered ? 'position' : 'id';
	const { data, error } = await client.from(list.table).select('*').eq('summit_id', summit).order(order).order('id');
	if (error) throw new Error(`${list.table} was refused (${error.code}).`);
	return data as ListRow[];
}

/** Adds a row at the end (`id` null), or changes one. */
export async function saveRow(
	client: SupabaseClient,
	list: List,
	summit: string,
	id: string | null,
	fields: Record<string, unknown>
): Promise<RowOutcome> {
	return ask(client, 'save_setting', { summit, table_name: list.table, row_id: id, fields });
}

/** Takes a row away, unless something refers to it. */
export async function removeRow(client: SupabaseClient, list: List, summit: string, id: string): Promise<RowOutcome> {
	return ask(client, 'remove_setting', { summit, table_name: list.table, row_id: id });
}

/** Moves a row one place up or down. */
export async function moveRow(
	client: SupabaseClient,
	list: List,
	summit: string,
	id: string,
	by: -1 | 1
): Promise<RowOutcome> {
	return ask(client, 'move_setting', { summit, table_name: list.table, row_id: id, by });
}
