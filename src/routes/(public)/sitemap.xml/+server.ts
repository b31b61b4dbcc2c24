import { readPublicAgenda } from '#lib/agenda/server/kept.ts';
import { href, locales } from '#lib/i18n/locale.ts';
import { speakersOf } from '#lib/speakers/list.ts';
import { currentSlug, findSummit } from '#lib/summits/server/kept.ts';
import { sitemapXml } from '#lib/summits/sitemap.ts';
import type { RequestHandler } from '@sveltejs/kit';

/** Every public page of the current Summit, in each language: what a stranger sees and nothing else. */
export const GET: RequestHandler = async ({ url }) => {
	const slug = await currentSlug();
	const summit = slug === null ? null : await findSummit(slug, null);
	const { sessions } = summit ? await readPublicAgenda(summit.id) : { sessions: [] };
	const paths = summit
		? [
				'',
				'/agenda',
				'/speakers',
				'/talk',
				...sessions.filter((one) => !one.is_break).map((one) => `/sessions/${one.code}`),
				...speakersOf(sessions, 'en').map((one) => `/speakers/${one.code}`)
			].map((path) => `/${summit.slug}${path}`)
		: ['/'];
	const pages = paths.map((path) =>
		locales.map((language) => ({ language, address: url.origin + href(path, language) }))
	);
	return new Response(sitemapXml(pages), {
		headers: { 'content-type': 'application/xml; charset=utf-8', 'cache-control': 'no-cache' }
	});
};
