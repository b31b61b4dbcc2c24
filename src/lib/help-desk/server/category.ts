import type { DataClient } from '#lib/database/client.ts';
import type { Enums } from '#lib/database/types.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import type { CategoryChange } from '../category.ts';

/** The new category, and whose seat: a member's, or (null) of the category's pool; a delegate stays with theirs. */
interface NewCategory {
	category: Enums<'registration_category'>;
	member: string | null;
}

/** The effect of the change now. */
export function previewCategory(
	client: DataClient,
	registration: string,
	change: NewCategory
): Promise<CategoryChange> {
	return rpc(client, 'preview_category', { registration, ...change });
}

/** The effect of a proposed change now, for the second person; null when none is proposed. */
export function previewProposed(client: DataClient, registration: string): Promise<CategoryChange | null> {
	return rpc(client, 'preview_proposed_category', { registration });
}

/**
 * Changes category, seat, fee, badge and rights, or nothing; proposes the change where it takes two people. `version`
 * is the one that the desk saw.
 */
export function changeCategory(
	client: DataClient,
	registration: string,
	change: NewCategory,
	reason: string,
	version: number
): Promise<CategoryChange> {
	return rpc(client, 'change_category', { registration, ...change, reason, version });
}
