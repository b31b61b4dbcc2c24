import { renderPdf } from '#lib/files/server/pdf.ts';
import { isId } from '#lib/forms/ids.ts';
import { m } from '#lib/i18n/messages.ts';
import { paperPdf } from '#lib/payments/server/e-invoice.ts';
import { readPaper } from '#lib/payments/server/money.ts';
import { error } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** The document as PDF, in its own language, for its payer and finance. */
export const GET: RequestHandler = async ({ locals, params }) => {
	const { summit, supabase } = locals;
	const paper = summit && isId(params.invoice) ? await readPaper(supabase, summit.id, params.invoice) : null;
	if (!paper) error(404, m.ui_not_found());
	return new Response(await paperPdf(paper, renderPdf), {
		headers: {
			'content-type': 'application/pdf',
			'content-disposition': `inline; filename="${paper.reference}.pdf"`,
			'cache-control': 'no-store',
			'x-content-type-options': 'nosniff'
		}
	});
};
