import { impactCsv } from '#lib/impact/feeds.ts';
import { requireReport } from '#lib/impact/server/released.ts';
import type { RequestHandler } from './$types';

/** Every number of a released report as a table. */
export const GET: RequestHandler = async ({ locals, url }) => {
	const report = await requireReport({ locals, url });
	return new Response(impactCsv(report), {
		headers: {
			'content-type': 'text/csv; charset=utf-8',
			'content-disposition': `attachment; filename="impact-${locals.summit.slug}-${report.number}.csv"`,
			'cache-control': 'no-cache'
		}
	});
};
