import { announcedOn } from '#lib/announcements/server/announcements.ts';
import { slim } from '#lib/summits/summit.ts';
import { organiseGroups } from '#lib/organising/server/menu.ts';
import { themeCookie, themeFrom } from '#lib/ui/theme.ts';
import type { LayoutServerLoad } from './$types';

/** The data of every page: the reader, the current Summit, and the time of the rendering. */
export const load: LayoutServerLoad = async ({ locals, cookies, params, request, isSubRequest }) => {
	const { viewer, shownSummit: summit } = locals;
	// Read here so that the Summit is loaded again when the address names another one.
	void ('summit' in params && params.summit);
	return {
		viewer,
		summit: summit && slim(summit),
		organise: organiseGroups(viewer, summit),
		announcements: await announcedOn({ locals, request }),
		theme: themeFrom(cookies.get(themeCookie)),
		...(isSubRequest && { shownAt: request.headers.get('x-shown-at') ?? undefined }),
		now: Date.now()
	};
};
