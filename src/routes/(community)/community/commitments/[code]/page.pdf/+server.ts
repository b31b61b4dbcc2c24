import { commitmentPaper, commitmentTemplate } from '#lib/commitments/paper.ts';
import { readCommitment } from '#lib/commitments/server/commitments.ts';
import { renderPdf } from '#lib/files/server/pdf.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { error } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** A commitment on one page, as its reader sees it, in the language of the address. */
export const GET: RequestHandler = async ({ locals, params, url }) => {
	const commitment = await readCommitment(locals.supabase, params.code);
	if (!commitment) error(404, m.ui_not_found());
	const address = url.origin + href(`/community/commitments/${commitment.code}`);
	return new Response(new Uint8Array(await renderPdf(commitmentTemplate, commitmentPaper(commitment, address))), {
		headers: {
			'content-type': 'application/pdf',
			'content-disposition': `inline; filename="commitment-${commitment.code}.pdf"`,
			'cache-control': 'no-store'
		}
	});
};
