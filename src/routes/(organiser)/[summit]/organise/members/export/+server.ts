import { memberQuery } from '#lib/members/registry.ts';
import { exportMembers } from '#lib/members/server/members.ts';
import { error } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ locals, url, params }) => {
	const { summit } = locals;
	const body = await exportMembers(locals.supabase, summit.id, memberQuery(url.searchParams));
	if (body === null) error(403);
	return new Response(body, {
		headers: {
			'content-type': 'text/csv; charset=utf-8',
			'content-disposition': `attachment; filename="members-${params.summit}.csv"`,
			'cache-control': 'no-store'
		}
	});
};
