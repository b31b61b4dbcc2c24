import { letterData, letterTemplate } from '#lib/logistics/letter.ts';
import { myLetter } from '#lib/logistics/server/logistics.ts';
import { renderPdf } from '#lib/files/server/pdf.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { withLocale } from '#lib/i18n/server/request-locale.ts';
import { error } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** The reader's own visa letter as PDF, while it is valid. Nobody can download another person's. */
export const GET: RequestHandler = async ({ locals, url }) => {
	const { summit, supabase } = locals;
	const own = await myLetter(supabase, summit.id);
	if (!own?.letter) error(404, m.ui_not_found());
	const { letter } = own;
	const data = withLocale(letter.content.locale, () =>
		letterData(letter, summit.zone, `${url.origin}${href(`/${summit.slug}/letter`)}`)
	);
	const pdf = await renderPdf(letterTemplate, data);
	return new Response(new Uint8Array(pdf), {
		headers: {
			'content-type': 'application/pdf',
			'content-disposition': `inline; filename="${letter.reference}.pdf"`,
			'cache-control': 'no-store',
			'x-content-type-options': 'nosniff'
		}
	});
};
