import { loadPanels } from '#lib/stage/loaded-panels.svelte.ts';
import type { PageLoad } from './$types';

const panels = ['questions', 'hands', 'polls'] as const;

/** The page's data, with the code of the open panel: its forms work without script too. */
export const load: PageLoad = async ({ data, url }) => {
	const asked = url.searchParams.get('panel');
	if (data.stage.entry === 'ok') await loadPanels([panels.find((panel) => panel === asked) ?? panels[0]]);
	return data;
};
