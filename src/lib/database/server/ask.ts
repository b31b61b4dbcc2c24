import type { SupabaseClient } from '@supabase/supabase-js';
import { afterDeadlock, sqlState } from './deadlock.ts';

/** Calls a function of the database as the reader and gives back its answer. A failure names the function and the code only. */
export async function ask<Answer>(
	client: SupabaseClient,
	name: string,
	values: Record<string, unknown> = {}
): Promise<Answer> {
	return afterDeadlock(async () => {
		const { data, error } = await client.rpc(name, values);
		if (error)
			throw Object.assign(new Error(`${name} was refused (${error.code || 'no answer'}).`), { code: sqlState(error) });
		return data as Answer;
	});
}
