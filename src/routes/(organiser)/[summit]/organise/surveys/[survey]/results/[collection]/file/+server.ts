import { requireCollection } from '#lib/evaluation/server/results-page.ts';
import { readResults } from '#lib/evaluation/server/surveys.ts';
import { resultRows } from '#lib/evaluation/table.ts';
import { writeCsv } from '#lib/files/csv.ts';
import { notFound } from '#lib/forms/server/action.ts';
import type { RequestHandler } from './$types';

/** The results of a collection as a file: what the page shows. */
export const GET: RequestHandler = async ({ locals, params }) => {
	const { collection } = await requireCollection(locals, params);
	const results = await readResults(locals.supabase, collection.id);
	if (results.status !== 'ok') notFound();
	return new Response(writeCsv(resultRows(results.results, results.texts)), {
		headers: {
			'content-type': 'text/csv; charset=utf-8',
			'content-disposition': `attachment; filename="survey-${params.summit}-${collection.session?.code ?? 'summit'}.csv"`,
			'cache-control': 'no-store',
			'x-content-type-options': 'nosniff'
		}
	});
};
