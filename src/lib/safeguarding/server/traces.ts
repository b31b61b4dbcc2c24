import type { SupabaseClient } from '@supabase/supabase-js';
import { ask } from '#lib/database/server/ask.ts';
import type { AliasTraces, ListedTraces } from '#lib/safeguarding/traces.ts';

/** What the reader cannot take back of the name under which they were known; null when there was none. */
export function myAliasTraces(client: SupabaseClient): Promise<AliasTraces | null> {
	return ask(client, 'my_alias_traces', {});
}

/** For safeguarding: the same of everybody who takes part in a Summit; null for everybody else. */
export function listAliasTraces(client: SupabaseClient, summit: string): Promise<ListedTraces[] | null> {
	return ask(client, 'list_alias_traces', { summit });
}
