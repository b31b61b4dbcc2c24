import { roomData } from '#lib/meetings/room/room-data.ts';
import { readMeetingRoom } from '#lib/meetings/server/room.ts';
import { roomActions } from '#lib/meetings/server/room-actions.ts';
import { muteMeeting } from '#lib/stage/server/muting.ts';
import { streamState } from '#lib/stage/server/tokens.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

export const load: PageServerLoad = async ({ locals, params, depends }) => {
	depends(roomData);
	return {
		room: await readMeetingRoom(locals.supabase, params.group, params.meeting),
		stream: await streamState()
	};
};

export const actions: Actions = roomActions(
	({ params }: RequestEvent) => params.meeting,
	({ locals, params }) => readMeetingRoom(locals.supabase, params.group, params.meeting),
	muteMeeting
);
