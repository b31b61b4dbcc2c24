import { requireReport } from '#lib/impact/server/released.ts';
import { reportView } from '#lib/impact/view.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const report = await requireReport({ locals, url });
	const { number, released_at, reason, releases } = report;
	return { number, released_at, reason, releases, view: reportView(report) };
};
