import { drawCode } from '#lib/door/server/picture.ts';
import { renderPdf } from '#lib/files/server/pdf.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { withLocale } from '#lib/i18n/server/request-locale.ts';
import { certificatePaper, certificateTemplate } from '#lib/presence/certificate.ts';
import { readOwnCertificates } from '#lib/presence/server/certificates.ts';
import { error } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** The reader's own certificate as PDF, while it is valid. Nobody can download another person's. */
export const GET: RequestHandler = async ({ locals: { summit, supabase }, params, url }) => {
	const own = await readOwnCertificates(supabase, summit.id);
	const certificate = own?.certificates.find(({ id }) => id === params.certificate);
	if (!own || !certificate) error(404, m.ui_not_found());
	const { locale, code } = certificate.content;
	const address = `${url.origin}${href(`/certificates/${code}`, locale)}`;
	const { size, path } = drawCode(address);
	const picture = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}"><path fill="#fff" d="M0 0h${size}v${size}H0z"/><path d="${path}"/></svg>`;
	const data = withLocale(locale, () =>
		certificatePaper(certificate, own.head, summit, address.replace(/^https?:\/\//, ''), picture)
	);
	// The file name reveals nothing about its holder.
	return new Response(new Uint8Array(await renderPdf(certificateTemplate, data)), {
		headers: {
			'content-type': 'application/pdf',
			'content-disposition': `inline; filename="certificate-${summit.slug}.pdf"`,
			'cache-control': 'no-store',
			'x-content-type-options': 'nosniff'
		}
	});
};
