import { isSummitOver } from '#lib/ui/navigation.ts';
import { announcedOn } from '#lib/announcements/server/announcements.ts';
import { communitySections } from '#lib/community/server/sections.ts';
import { listImpactReports } from '#lib/impact/server/released.ts';
import { listPageLinks } from '#lib/pages/server/pages.ts';
import { dismissedCookie } from '#lib/status/notices.ts';
import { bannersFor, soonOr } from '#lib/status/server/status.ts';
import { currentSlug, findSummit } from '#lib/summits/server/cache.ts';
import { slim } from '#lib/summits/summit.ts';
import { organiseGroups } from '#lib/organising/server/menu.ts';
import { themeCookie, themeFrom } from '#lib/ui/theme.ts';
import type { LayoutServerLoad, LayoutServerLoadEvent } from './$types';

/** The data of every page: the reader, the current Summit, and the time of the rendering. */
export const load: LayoutServerLoad = async (event) =>
	// The status of the site is shown while the database is away too.
	event.untrack(() => event.route.id) === '/(public)/status'
		? soonOr(read(event), () => withoutDatabase(event))
		: read(event);

function withoutDatabase({ cookies }: LayoutServerLoadEvent): Awaited<ReturnType<typeof read>> {
	return {
		viewer: null,
		community: [],
		current: null,
		summit: null,
		footerPages: [],
		organise: [],
		announcements: [],
		banners: [],
		theme: themeFrom(cookies.get(themeCookie)),
		now: Date.now()
	};
}

async function read({ locals, cookies, params, request, isSubRequest }: LayoutServerLoadEvent) {
	const { viewer, shownSummit: summit } = locals;
	// Read here so that the Summit is loaded again when the address names another one.
	void ('summit' in params && params.summit);
	const pages = summit ? await listPageLinks(locals.supabase, summit) : [];
	const community = await communitySections(locals);
	const reports = summit ? await listImpactReports() : [];
	return {
		viewer,
		community,
		current: summit && isSummitOver(summit.state) ? await currentBeside(summit.slug) : null,
		summit: summit && {
			...slim(summit),
			hasPages: pages.some(({ place }) => place === 'menu'),
			hasCommunity: community.length > 0 || reports.length > 0,
			hasImpact: reports.some(({ slug }) => slug === summit.slug)
		},
		footerPages: pages
			.filter(({ place }) => place === 'footer')
			.map(({ slug, kind, title }) => ({ slug, kind, title })),
		organise: organiseGroups(viewer, summit),
		announcements: await announcedOn({ locals, request }),
		banners: await bannersFor(summit?.id ?? null, cookies.get(dismissedCookie)),
		theme: themeFrom(cookies.get(themeCookie)),
		...(isSubRequest && { shownAt: request.headers.get('x-shown-at') ?? undefined }),
		now: Date.now()
	};
}

/** The current Summit, for the pages of one that is over; null where it is the same. */
async function currentBeside(slug: string) {
	const current = await currentSlug();
	if (current === null || current === slug) return null;
	const found = await findSummit(current, null);
	return found && { slug: found.slug, name: found.name };
}
