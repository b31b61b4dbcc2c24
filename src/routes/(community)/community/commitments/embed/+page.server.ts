import { filtered, filtersFrom, ofMember, onPage } from '#lib/commitments/register.ts';
import { readRegisterOrigins } from '#lib/commitments/server/commitments.ts';
import { readPublicRegister } from '#lib/commitments/server/register.ts';
import { isLocale, href, locale } from '#lib/i18n/locale.ts';
import { redirect } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

export const csr = false;

/** Shows what everyone may see, regardless of the reader, because other sites embed the page. `member` shows those of one member. */
export const load: PageServerLoad = async ({ locals, url }) => {
	const query = new URLSearchParams(url.searchParams);
	const language = query.get('lang');
	query.delete('lang');
	const rest = query.size > 0 ? `?${query}` : '';
	if (isLocale(language) && language !== locale()) redirect(307, href(`/community/commitments/embed${rest}`, language));
	const [register, origins] = await Promise.all([readPublicRegister(), readRegisterOrigins()]);
	locals.framedBy = origins;
	const member = query.get('member');
	const ofAll = filtered(register.commitments, filtersFrom(query));
	const shown = onPage(member === null ? ofAll : ofMember(ofAll, member), query);
	query.delete('page');
	return { ...shown, query: Object.fromEntries(query) };
};
