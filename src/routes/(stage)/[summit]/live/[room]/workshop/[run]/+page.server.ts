import { readCaptions } from '#lib/captions/server/captions.ts';
import { href } from '#lib/i18n/locale.ts';
import { roomData } from '#lib/meetings/room/room-data.ts';
import { roomActions } from '#lib/meetings/server/room-actions.ts';
import { findWorkshop, readRunRoom, requireWorkshop } from '#lib/meetings/server/run-room.ts';
import { muteAuthor, pollActions, questionActions } from '#lib/participation/server/acting.ts';
import { reportAction } from '#lib/safeguarding/server/report-action.ts';
import { deskActions } from '#lib/stage/server/desk.ts';
import { muteMeeting } from '#lib/stage/server/muting.ts';
import { streamState } from '#lib/stage/server/tokens.ts';
import { redirect } from '@sveltejs/kit';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

/** The room of a workshop that is on or waits. The stage page of the room says to everybody else why they are not here. */
export const load: PageServerLoad = async ({ locals, params, depends, setHeaders }) => {
	depends(roomData);
	setHeaders({ 'cache-control': 'no-store' });
	const { supabase, summit, viewer } = locals;
	const run = viewer && (await findWorkshop(supabase, summit.id, params.room, params.run));
	const room = run && (await readRunRoom(supabase, run));
	if (!room) redirect(303, href(`/${summit.slug}/live/${params.room}`));
	const [captions, stream] = await Promise.all([readCaptions(supabase, summit.id, params.room, run), streamState()]);
	return { room, captions, stream };
};

const workshopOf = ({ locals, params }: RequestEvent) => requireWorkshop(locals, params);

export const actions: Actions = {
	...questionActions,
	...pollActions,
	...roomActions(workshopOf, workshopOf, muteMeeting),
	report: reportAction,
	muteAuthor,
	state: deskActions.state
};
