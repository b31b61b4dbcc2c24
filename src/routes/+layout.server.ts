import { slim } from '#lib/summits/summit.ts';
import { themeCookie, themeFrom } from '#lib/ui/theme.ts';
import type { LayoutServerLoad } from './$types';

/** What every page knows: who reads, the Summit at hand, and the moment it was made. */
export const load: LayoutServerLoad = ({ locals, cookies, params }) => {
	const { viewer, summit } = locals;
	// Read so that the Summit is looked at again when the address names another.
	void ('summit' in params && params.summit);
	return {
		viewer,
		summit: summit && slim(summit),
		theme: themeFrom(cookies.get(themeCookie)),
		now: Date.now()
	};
};
