import { queueQuery } from '#lib/members/allowances.ts';
import { exportQueue } from '#lib/members/server/allowances.ts';
import { error } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ locals, url, params }) => {
	const { summit } = locals;
	const query = queueQuery(url.searchParams);
	const body = await exportQueue(locals.supabase, summit.id, query);
	if (body === null) error(403);
	return new Response(body, {
		headers: {
			'content-type': 'text/csv; charset=utf-8',
			'content-disposition': `attachment; filename="queue-${params.summit}-${query.mode}.csv"`,
			'cache-control': 'no-store'
		}
	});
};
