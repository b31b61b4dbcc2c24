import type { DataClient } from '#lib/database/client.ts';
import type { Enums } from '#lib/database/types.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import type { CategoryChange } from '../category.ts';

/** As what, and on whose seat: a member's, or (null) of the category's pool; a delegate stays with theirs. */
export interface CategoryWish {
	category: Enums<'registration_category'>;
	member: string | null;
}

/** What it would do now. */
export function previewCategory(client: DataClient, registration: string, wish: CategoryWish): Promise<CategoryChange> {
	return rpc(client, 'preview_category', { registration, ...wish });
}

/** What the change that somebody proposed would do now, for the second person; null where none is proposed. */
export function previewProposed(client: DataClient, registration: string): Promise<CategoryChange | null> {
	return rpc(client, 'preview_proposed_category', { registration });
}

/** Moves category, seat, fee, badge and rights, or nothing; proposes it where two decide. `version` is the one that the desk saw. */
export function changeCategory(
	client: DataClient,
	registration: string,
	wish: CategoryWish,
	reason: string,
	version: number
): Promise<CategoryChange> {
	return rpc(client, 'change_category', { registration, ...wish, reason, version });
}
