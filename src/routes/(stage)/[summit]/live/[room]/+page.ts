import { browser } from '$app/environment';
import { loadPanels } from '#lib/stage/loaded-panels.svelte.ts';
import { neededPanels } from '#lib/stage/lazy-panels.ts';
import { hasPlace } from '#lib/stage/stage.ts';
import type { PageLoad } from './$types';

let isShown = false;

/** The page's data, with the code of what is looked at beside the picture, which never keeps news waiting for long. */
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
	// The first time it must be there: the page takes over what the server has written.
	await (isShown ? Promise.race([coming, new Promise((done) => setTimeout(done, 150))]) : coming);
	isShown = browser;
	return data;
};
