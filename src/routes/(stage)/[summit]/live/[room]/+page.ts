import { loadParts } from '#lib/stage/parts.ts';
import type { PageLoad } from './$types';

/** The page's data, with the code of what is looked at beside the picture. */
export const load: PageLoad = async ({ data, url }) => ({
	...data,
	parts: await loadParts({
		panel: url.searchParams.get('panel'),
		mayRun: data.stage.may_run,
		mayPresent: data.slides?.may_present === true
	})
});
