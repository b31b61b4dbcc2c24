import { href } from '#lib/i18n/locale.ts';
import { readCertificateCode } from '#lib/presence/certificate.ts';
import { redirect } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ url, setHeaders }) => {
	const typed = (url.searchParams.get('code') ?? '').slice(0, 40);
	const code = readCertificateCode(typed);
	if (code) redirect(303, href(`/certificates/${code}`));
	setHeaders({ 'cache-control': 'no-store', 'x-robots-tag': 'noindex' });
	return { typed };
};
