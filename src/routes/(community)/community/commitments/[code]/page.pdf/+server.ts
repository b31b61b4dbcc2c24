import { commitmentPaper, commitmentTemplate } from '#lib/commitments/paper.ts';
import { readCommitment } from '#lib/commitments/server/commitments.ts';
import { readPublicPaper } from '#lib/files/server/papers.ts';
import { renderPdf } from '#lib/files/server/pdf.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { error } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** A commitment on one page, as its reader sees it, in the language of the address. */
export const GET: RequestHandler = async ({ locals, params, url }) => {
	const address = url.origin + href(`/community/commitments/${params.code}`);
	const make = async () => {
		const commitment = await readCommitment(locals.supabase, params.code);
		return commitment && new Uint8Array(await renderPdf(commitmentTemplate, commitmentPaper(commitment, address)));
	};
	const isVisitor = locals.viewer === null;
	const paper = await (isVisitor ? readPublicPaper(address, make) : make());
	if (!paper) error(404, m.ui_not_found());
	return new Response(paper, {
		headers: {
			'content-type': 'application/pdf',
			'content-disposition': `inline; filename="commitment-${params.code}.pdf"`,
			'cache-control': isVisitor ? 'no-cache' : 'no-store'
		}
	});
};
