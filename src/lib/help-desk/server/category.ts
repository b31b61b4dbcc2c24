import type { SupabaseClient } from '@supabase/supabase-js';
import { ask } from '#lib/database/server/ask.ts';
import type { CategoryChange } from '../category.ts';

/** As what, and on whose seat: a member's, or (null) of the category's pool; a delegate stays with theirs. */
export interface CategoryWish {
	category: string;
	member: string | null;
}

/** What it would do now. */
export function previewCategory(
	client: SupabaseClient,
	registration: string,
	wish: CategoryWish
): Promise<CategoryChange> {
	return ask(client, 'preview_category', { registration, ...wish });
}

/** What the change that somebody proposed would do now, for the second person; null where none is proposed. */
export function previewProposed(client: SupabaseClient, registration: string): Promise<CategoryChange | null> {
	return ask(client, 'preview_proposed_category', { registration });
}

/** Moves category, seat, fee, badge and rights, or nothing; proposes it where two decide. `version` is the one that the desk saw. */
export function changeCategory(
	client: SupabaseClient,
	registration: string,
	wish: CategoryWish,
	reason: string,
	version: number
): Promise<CategoryChange> {
	return ask(client, 'change_category', { registration, ...wish, reason, version });
}
