import { impactJson } from '#lib/impact/feeds.ts';
import { requireReport } from '#lib/impact/server/released.ts';
import type { RequestHandler } from './$types';

/** A released report as JSON, as it was frozen. */
export const GET: RequestHandler = async ({ locals, url }) => {
	const report = await requireReport({ locals, url });
	return new Response(impactJson(report, locals.summit.slug), {
		headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-cache' }
	});
};
