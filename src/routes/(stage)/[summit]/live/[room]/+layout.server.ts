import { readParticipation } from '#lib/participation/server/reading.ts';
import * as v from 'valibot';
import type { LayoutServerLoad } from './$types';

// Separate from the page's own load, so that a change of the stage reads nothing here, and a question does not reload
// the stage.
const pages = new Set(
	['', '/questions', '/listen', '/workshop/[run]'].map((page) => `/(stage)/[summit]/live/[room]${page}`)
);

const uuid = v.pipe(v.string(), v.uuid());

/** The sidebar beside the video, where it is shown. A workshop is named by its address. */
export const load: LayoutServerLoad = async ({ locals, params, depends, route }) => {
	depends('stage:participation');
	const { supabase, summit } = locals;
	const { run } = params as { run?: string };
	const isShown = summit && pages.has(route.id) && (run === undefined || v.is(uuid, run));
	return { participation: isShown ? await readParticipation(supabase, summit.id, params.room, run) : null };
};
