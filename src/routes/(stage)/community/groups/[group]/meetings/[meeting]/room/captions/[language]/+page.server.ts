import { m } from '#lib/i18n/messages.ts';
import { staffData } from '#lib/meetings/room/room-data.ts';
import { readMeetingCaptioning } from '#lib/meetings/server/room.ts';
import { streamState } from '#lib/stage/server/tokens.ts';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

/** The page of a captioner of a meeting, in one language. */
export const load: PageServerLoad = async ({ locals, params, depends, setHeaders, isDataRequest }) => {
	depends(staffData);
	setHeaders({ 'cache-control': 'no-store' });
	const [view, stream] = await Promise.all([
		readMeetingCaptioning(locals.supabase, params.group, params.meeting, params.language),
		streamState()
	]);
	// An open page says that the work has ended instead of "not found".
	if (!view && !isDataRequest) error(404, m.ui_not_found());
	return { view, stream };
};
