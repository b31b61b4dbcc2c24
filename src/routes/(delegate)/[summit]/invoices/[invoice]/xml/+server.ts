import { isId } from '#lib/forms/ids.ts';
import { m } from '#lib/i18n/messages.ts';
import { isElectronic } from '#lib/payments/e-invoice.ts';
import { eInvoiceXml } from '#lib/payments/server/e-invoice.ts';
import { readPaper } from '#lib/payments/server/money.ts';
import { error } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** The document as e-invoice by EN 16931, for its payer and finance. */
export const GET: RequestHandler = async ({ locals, params }) => {
	const { summit, supabase } = locals;
	const paper = summit && isId(params.invoice) ? await readPaper(supabase, summit.id, params.invoice) : null;
	if (!paper || !isElectronic(paper)) error(404, m.ui_not_found());
	return new Response(await eInvoiceXml(paper), {
		headers: {
			'content-type': 'application/xml; charset=utf-8',
			'content-disposition': `attachment; filename="${paper.reference}.xml"`,
			'cache-control': 'no-store',
			'x-content-type-options': 'nosniff'
		}
	});
};
