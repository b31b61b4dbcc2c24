import { downloadZip } from 'client-zip';
import { renderPdf } from '#lib/files/server/pdf.ts';
import { m } from '#lib/i18n/messages.ts';
import { paperFiles } from '#lib/payments/server/e-invoice.ts';
import { exportPapers } from '#lib/payments/server/money.ts';
import { isDate } from '#lib/summits/local-time.ts';
import { error } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** The invoices and credit notes of a period in a ZIP file, for finance. The database logs each download. */
export const GET: RequestHandler = async ({ locals, url }) => {
	const { summit, supabase } = locals;
	const [first, last] = [url.searchParams.get('from') ?? '', url.searchParams.get('until') ?? ''];
	if (!isDate(first) || !isDate(last)) error(400, m.payments_archive_wrong());
	const answer = await exportPapers(supabase, summit.id, first, last);
	if (!answer) error(404, m.ui_not_found());
	if (answer.status === 'too_many') error(400, m.payments_archive_too_many());
	if (answer.status !== 'ok') error(400, m.payments_archive_wrong());
	return new Response(downloadZip(paperFiles(answer.papers, renderPdf)).body, {
		headers: {
			'content-type': 'application/zip',
			'content-disposition': `attachment; filename="${summit.slug}-invoices-${first}-${last}.zip"`,
			'cache-control': 'no-store'
		}
	});
};
