import { readPublicAgenda } from '#lib/agenda/server/cache.ts';
import { communitySections } from '#lib/community/server/sections.ts';
import { anonymousClient } from '#lib/database/server/supabase.ts';
import { listGroups } from '#lib/groups/server/groups.ts';
import { listImpactReports } from '#lib/impact/server/released.ts';
import { href, locales } from '#lib/i18n/locale.ts';
import { pagePath } from '#lib/pages/page.ts';
import { listPublicPages } from '#lib/pages/server/pages.ts';
import { speakersOf } from '#lib/speakers/list.ts';
import { openSlugs, findSummit } from '#lib/summits/server/cache.ts';
import { sitemapXml } from '#lib/summits/sitemap.ts';
import type { RequestHandler } from '@sveltejs/kit';

// A sitemap has room for 50,000 addresses, and each page has one in each language.
const most = Math.floor(50_000 / locales.length);

async function pathsOf(slug: string): Promise<string[]> {
	const summit = await findSummit(slug, null);
	if (!summit) return [];
	const [{ sessions }, pages] = await Promise.all([readPublicAgenda(summit.id), listPublicPages(summit.id)]);
	return [
		'',
		'/agenda',
		'/speakers',
		'/talk',
		...sessions.filter((one) => !one.is_break).map((one) => `/sessions/${one.code}`),
		...speakersOf(sessions, 'en').map((one) => `/speakers/${one.code}`)
	]
		.map((path) => `/${slug}${path}`)
		.concat(pages.map((page) => pagePath(slug, page)));
}

/**
 * Every public page of every open Summit, the newest first, in each language: only what a signed-out reader may see.
 */
export const GET: RequestHandler = async ({ url }) => {
	const slugs = await openSlugs();
	const paths: string[] = [];
	const sections = await communitySections({ supabase: anonymousClient(), viewer: null });
	if (sections.length > 0) paths.push('/community', ...sections.map((section) => `/community/${section}`));
	const groups = sections.includes('groups') ? await listGroups(anonymousClient()) : [];
	paths.push(...groups.map(({ code }) => `/community/groups/${code}`));
	paths.push(...(await listImpactReports()).map(({ slug }) => `/${slug}/impact`));
	for (const slug of slugs) if (paths.length < most) paths.push(...(await pathsOf(slug)));
	const pages = (paths.length > 0 ? paths.slice(0, most) : ['/']).map((path) =>
		locales.map((language) => ({ language, address: url.origin + href(path, language) }))
	);
	return new Response(sitemapXml(pages), {
		headers: { 'content-type': 'application/xml; charset=utf-8', 'cache-control': 'no-cache' }
	});
};
