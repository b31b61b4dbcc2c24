import type { SupabaseClient } from '@supabase/supabase-js';
import type { List, ListRow } from '#lib/summits/lists.ts';

/** What became of a row: `taken` when its short name is another's, `in_use` when sessions or answers refer to it. */
export type RowOutcome = 'ok' | 'taken' | 'in_use' | 'unknown';

const outcomes: Record<string, RowOutcome> = { '23505': 'taken', '23503': 'in_use' };

function outcomeOf(error: { code: string; message: string } | null, table: string): RowOutcome {
	if (!error) return 'ok';
	const known = outcomes[error.code];
	if (known) return known;
	throw new Error(`${table} was refused (${error.code || 'no answer'}).`);
}

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
	written: Record<string, unknown>
): Promise<RowOutcome> {
	if (id === null) {
		const position = list.isOrdered ? { position: (await readRows(client, list, summit)).length } : {};
		const { error } = await client.from(list.table).insert({ ...written, ...position, summit_id: summit });
		return outcomeOf(error, list.table);
	}
	const { error } = await client.from(list.table).update(written).eq('id', id).eq('summit_id', summit);
	return outcomeOf(error, list.table);
}

/** Takes a row away, unless something refers to it. */
export async function removeRow(client: SupabaseClient, list: List, summit: string, id: string): Promise<RowOutcome> {
	const { error } = await client.from(list.table).delete().eq('id', id).eq('summit_id', summit);
	return outcomeOf(error, list.table);
}

/** Moves a row one place up or down. */
export async function moveRow(
	client: SupabaseClient,
	list: List,
	summit: string,
	id: string,
	by: -1 | 1
): Promise<void> {
	const rows = await readRows(client, list, summit);
	const at = rows.findIndex((row) => row.id === id);
	const [row] = at < 0 ? [] : rows.splice(at, 1);
	if (!row || !list.isOrdered) return;
	rows.splice(Math.max(0, at + by), 0, row);
	for (const [position, { id: each }] of rows.entries())
		await client.from(list.table).update({ position }).eq('id', each).eq('summit_id', summit);
}
