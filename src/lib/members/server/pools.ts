import { rpc } from '#lib/database/server/rpc.ts';
import type { Pools } from '#lib/members/pools.ts';
import type { AnswerOf } from '#lib/database/calls.ts';
import type { DataClient } from '#lib/database/client.ts';

export const poolPageSize = 100;

/**
 * All pools, and one page of the people in one of them (null: without a pool); null for readers who may not see them.
 */
export function readPools(
	client: DataClient,
	summit: string,
	pool: string | null,
	page: number
): Promise<Pools | null> {
	return rpc(client, 'read_pools', {
		summit,
		pool,
		page_size: poolPageSize,
		page_start: (page - 1) * poolPageSize
	});
}

/** Adds a pool (null) or changes one. */
export function savePool(
	client: DataClient,
	summit: string,
	pool: string | null,
	fields: { category?: string; name: string; in_person: number; virtual: number; outside: boolean }
): Promise<AnswerOf<'save_pool'>> {
	return rpc(client, 'save_pool', { summit, pool, fields });
}

/** Removes a pool that was never used. */
export function removePool(client: DataClient, summit: string, pool: string) {
	return rpc(client, 'remove_pool', { summit, pool });
}

/** Moves each person separately; the answer has a result for each. */
export function moveToPool(
	client: DataClient,
	summit: string,
	ids: readonly string[],
	pool: string
): Promise<AnswerOf<'move_to_pool'>> {
	return rpc(client, 'move_to_pool', { summit, ids, pool });
}
