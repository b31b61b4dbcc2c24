import { readParticipation } from '#lib/participation/server/reading.ts';
import type { LayoutServerLoad } from './$types';

// Separate from the page's own load, so that a change of the stage reads nothing here, and a question does not reload
// the stage.
const pages = new Set(['', '/questions', '/listen'].map((page) => `/(stage)/[summit]/live/[room]${page}`));

/** The sidebar beside the video, where it is shown. */
export const load: LayoutServerLoad = async ({ locals, params, depends, route }) => {
	depends('stage:participation');
	const { supabase, summit } = locals;
	const isShown = summit && pages.has(route.id);
	return { participation: isShown ? await readParticipation(supabase, summit.id, params.room) : null };
};
