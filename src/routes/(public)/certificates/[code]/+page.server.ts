import { readCertificateCode } from '#lib/presence/certificate.ts';
import { readCertificate } from '#lib/presence/server/certificates.ts';
import type { PageServerLoad } from './$types';

/** The content of a certificate, for anybody who has its code; without the code itself. */
export const load: PageServerLoad = async ({ params, setHeaders }) => {
	setHeaders({ 'cache-control': 'no-store', 'x-robots-tag': 'noindex' });
	const code = readCertificateCode(params.code);
	const read = code ? await readCertificate(code) : null;
	if (read === null || read === 'ended') return { state: read ?? ('unknown' as const), shown: null };
	const { content, ...shown } = read;
	return { state: 'valid' as const, shown: { ...shown, name: content.name } };
};
