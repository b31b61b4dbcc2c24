import { browser } from '$app/environment';
import { loadPanels } from '#lib/stage/loaded-panels.svelte.ts';
import { neededPanels } from '#lib/stage/lazy-panels.ts';
import { hasPlace } from '#lib/stage/stage.ts';
import type { PageLoad } from './$types';

let isShown = false;

/** The page's data, with the code of the open panel, which delays live events only briefly. */
export const load: PageLoad = async ({ data, url }) => {
	const { stage } = data;
	const coming = loadPanels(
		neededPanels({
			panel: url.searchParams.get('panel'),
			hasRun: stage.run !== null,
			hasPlace: hasPlace(stage),
			mayRun: stage.may_run,
			mayPresent: data.slides?.may_present === true
		})
	);
	// The first time the code must be loaded, because the page hydrates the server's HTML.
	await (isShown ? Promise.race([coming, new Promise((done) => setTimeout(done, 150))]) : coming);
	isShown = browser;
	return data;
};
