import { rpc } from '#lib/database/server/rpc.ts';
import { id } from '#lib/forms/fields.ts';
import { acted, formAction } from '#lib/forms/server/action.ts';
import { roomData } from '#lib/meetings/room/room-data.ts';
import { readMeetingRoom } from '#lib/meetings/server/room.ts';
import { roomActions } from '#lib/meetings/server/room-actions.ts';
import { muteMeeting } from '#lib/stage/server/muting.ts';
import { streamState } from '#lib/stage/server/tokens.ts';
import * as v from 'valibot';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

export const load: PageServerLoad = async ({ locals, params, depends }) => {
	depends(roomData);
	return {
		room: await readMeetingRoom(locals.supabase, params.group, params.meeting),
		stream: await streamState()
	};
};

export const actions: Actions = {
	...roomActions(
		({ params }: RequestEvent) => params.meeting,
		({ locals, params }) => readMeetingRoom(locals.supabase, params.group, params.meeting),
		muteMeeting
	),
	unname: formAction('unname', v.object({ staff: id() }), async ({ staff }, event) => {
		// Somebody else may have done it a moment before.
		await rpc(event.locals.supabase, 'remove_meeting_staff', { code: event.params.meeting, staff });
		return acted(event);
	})
};
