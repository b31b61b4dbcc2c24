import type { SupabaseClient } from '@supabase/supabase-js';
import type { Database } from './types.ts';

/** A client of the database whose calls and tables are type-checked. */
export type DataClient = SupabaseClient<Database>;
