import { writeCsv } from '#lib/files/csv.ts';
import { isId } from '#lib/forms/ids.ts';
import { m } from '#lib/i18n/messages.ts';
import { journalTable } from '#lib/payments/journal.ts';
import { exportJournal } from '#lib/payments/server/money.ts';
import { error } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** The entries of a closed period, or of what is open since, as CSV. The database logs each download. */
export const GET: RequestHandler = async ({ locals, params }) => {
	const { summit, supabase } = locals;
	const { period } = params;
	if (period !== 'open' && !isId(period)) error(404, m.ui_not_found());
	const entries = await exportJournal(supabase, summit.id, period === 'open' ? null : period);
	if (!entries) error(404, m.ui_not_found());
	return new Response(writeCsv(journalTable(entries)), {
		headers: {
			'content-type': 'text/csv; charset=utf-8',
			'content-disposition': `attachment; filename="${summit.slug}-journal-${period.slice(0, 8)}.csv"`,
			'cache-control': 'no-store'
		}
	});
};
