import { readParticipation } from '#lib/participation/server/reading.ts';
import type { LayoutServerLoad } from './$types';

// Apart from the page's own load, so that a change of the stage reads nothing here, nor a question the stage.
const pages = new Set(['', '/questions', '/listen'].map((page) => `/(stage)/[summit]/live/[room]${page}`));

/** What stands beside the picture, where it is shown. */
export const load: LayoutServerLoad = async ({ locals, params, depends, route }) => {
	depends('stage:participation');
	const { supabase, summit } = locals;
	const isShown = summit && pages.has(route.id);
	return { participation: isShown ? await readParticipation(supabase, summit.id, params.room) : null };
};
