import { auditQuery } from '#lib/audit/history.ts';
import { exportAudit } from '#lib/audit/server/history.ts';
import { auditRows } from '#lib/audit/table.ts';
import { writeCsv } from '#lib/files/csv.ts';
import { m } from '#lib/i18n/messages.ts';
import { error } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ locals, url, params }) => {
	const { summit } = locals;
	const entries = await exportAudit(locals.supabase, summit.id, auditQuery(url.searchParams));
	if (entries === null) error(403, m.ui_forbidden());
	return new Response(writeCsv(auditRows(entries, summit.zone)), {
		headers: {
			'content-type': 'text/csv; charset=utf-8',
			'content-disposition': `attachment; filename="history-${params.summit}.csv"`,
			'cache-control': 'no-store'
		}
	});
};
