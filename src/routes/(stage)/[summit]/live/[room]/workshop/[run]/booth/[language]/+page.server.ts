import { m } from '#lib/i18n/messages.ts';
import { boothActions } from '#lib/interpretation/server/actions.ts';
import { staffData } from '#lib/meetings/room/room-data.ts';
import { readRunBooth } from '#lib/meetings/server/run-room.ts';
import { streamState } from '#lib/stage/server/tokens.ts';
import { error } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

/** The booth of one language in the room of a workshop, for its interpreters. */
export const load: PageServerLoad = async ({ locals, params, depends, setHeaders, isDataRequest }) => {
	depends(staffData);
	setHeaders({ 'cache-control': 'no-store' });
	const [view, stream] = await Promise.all([
		locals.viewer ? readRunBooth(locals.supabase, params.room, params.run, params.language) : null,
		streamState()
	]);
	// An open page says that the session is over instead of "not found".
	if (!view && !isDataRequest) error(404, m.ui_not_found());
	return { view, stream };
};

export const actions: Actions = boothActions;
