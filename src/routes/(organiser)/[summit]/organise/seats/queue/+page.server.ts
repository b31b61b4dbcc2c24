import { queueQuery } from '#lib/members/allowances.ts';
import { listQueue } from '#lib/members/server/allowances.ts';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

const size = 50;

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit } = locals;
	const query = queueQuery(url.searchParams);
	const queue = await listQueue(locals.supabase, summit.id, query, size);
	if (!queue) error(403);
	return { query, queue, size };
};
