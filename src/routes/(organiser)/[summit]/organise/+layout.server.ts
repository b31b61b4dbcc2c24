import { holdsRole } from '#lib/accounts/viewer.ts';
import { listViews } from '#lib/organising/server/list-views.ts';
import { listUndoable } from '#lib/organising/server/undo.ts';
import { listWaiting } from '#lib/organising/server/waiting.ts';
import { listSummits } from '#lib/summits/server/settings.ts';
import { displayCookie, displayFrom } from '#lib/ui/list-display.ts';
import type { LayoutServerLoad } from './$types';

/** What each page needs: counts and Summits for the menu, saved views of lists, how tables are shown, and what can be undone. */
export const load: LayoutServerLoad = async ({ locals, params, cookies }) => {
	// Read here so that another Summit has its own.
	void params.summit;
	const { summit, supabase, viewer } = locals;
	const [waiting, ownSummits, views, undoable] = await Promise.all([
		listWaiting(supabase, summit.id),
		listSummits(supabase),
		listViews(supabase, summit.id),
		listUndoable(supabase, summit.id)
	]);
	return {
		waiting,
		ownSummits,
		views,
		undoable,
		display: displayFrom(cookies.get(displayCookie)),
		mayMake: holdsRole(viewer, null, 'owner')
	};
};
