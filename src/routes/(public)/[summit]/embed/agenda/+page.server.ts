import { agendaFiltersFrom } from '#lib/agenda/filters.ts';
import { placeOf } from '#lib/agenda/place.ts';
import { readEmbedOrigins } from '#lib/agenda/server/embedding.ts';
import { readPublicAgenda } from '#lib/agenda/server/cache.ts';
import { agendaView } from '#lib/agenda/view.ts';
import { anonymousClient } from '#lib/database/server/supabase.ts';
import { href, isLocale, locale } from '#lib/i18n/locale.ts';
import { redirect } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

export const csr = false;

/** Shows what everyone may see, regardless of the reader, because other sites embed the page. */
export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit } = locals;
	const language = url.searchParams.get('lang');
	const day = agendaFiltersFrom(url.searchParams).day;
	const theme = url.searchParams.get('theme');
	const rest = new URLSearchParams({ ...(day && { day }), ...(theme && { theme }) }).toString();
	const path = `/${summit.slug}/embed/agenda${rest && `?${rest}`}`;
	if (isLocale(language) && language !== locale()) redirect(307, href(path, language));
	const [agenda, origins] = await Promise.all([
		readPublicAgenda(summit.id),
		readEmbedOrigins(anonymousClient(), summit.id)
	]);
	locals.framedBy = origins;
	const filters = { ...agendaFiltersFrom(new URLSearchParams()), day, view: 'list' as const };
	const place = placeOf(summit, null);
	const rooms = summit.rooms.map((room) => room.slug);
	const view = agendaView({ agenda, filters, place, mine: null, now: Date.now(), rooms });
	return { name: summit.name, place, view, theme, path: `/${summit.slug}/embed/agenda` };
};
