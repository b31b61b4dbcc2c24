import { fetchParts } from '#lib/stage/fetched.svelte.ts';
import type { PageLoad } from './$types';

const panels = ['questions', 'hands', 'polls'] as const;

/** The page's data, with the code of the panel that is looked at: its forms work without script too. */
export const load: PageLoad = async ({ data, url }) => {
	const asked = url.searchParams.get('panel');
	if (data.stage.entry === 'ok') await fetchParts([panels.find((panel) => panel === asked) ?? panels[0]]);
	return data;
};
