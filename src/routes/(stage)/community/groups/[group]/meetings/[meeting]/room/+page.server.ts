import { byStatus } from '#lib/database/by-status.ts';
import type { AnswerOf } from '#lib/database/calls.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { checkbox, id, optionalId, requiredLines, wholeNumber } from '#lib/forms/fields.ts';
import { acted, formAction, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { mostCameras, roomData } from '#lib/meetings/room/room-data.ts';
import { readMeetingRoom } from '#lib/meetings/server/room.ts';
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

// People of the group keep their page, its video and what they typed; for others there is nothing here.
async function noLonger({ locals, params }: RequestEvent) {
	await readMeetingRoom(locals.supabase, params.group, params.meeting);
	return refuse('', m.meetings_room_no_longer());
}

const settle = async (event: RequestEvent, status: AnswerOf<'mute_in_meeting'>) =>
	byStatus(status, {
		ok: () => acted(event),
		not_found: () => noLonger(event),
		invalid: () => refuse('', m.ui_form_wrong(), 422),
		conflict: () => refuse('', m.meetings_room_screen_taken()),
		wrong_state: () => refuse('', m.meetings_wrong_state())
	});

const decision = v.object({ participant: id(), admitted: checkbox() });
const message = v.object({ words: requiredLines(1000), everywhere: checkbox(), room: v.optional(wholeNumber(0, 20)) });
const hand = v.object({ raised: checkbox(), participant: optionalId() });
const share = v.object({ shares: checkbox(), participant: optionalId() });

const breakouts = v.object({ rooms: wholeNumber(2, 20), minutes: wholeNumber(1, 240), evenly: checkbox() });
const move = v.object({ participant: id(), number: wholeNumber(0, 20) });

export const actions: Actions = {
	start: formAction('start', breakouts, async (input, event) =>
		byStatus(await rpc(event.locals.supabase, 'start_breakouts', { code: event.params.meeting, ...input }), {
			ok: () => acted(event),
			not_found: () => noLonger(event),
			invalid: () => refuse('', m.ui_form_wrong(), 422),
			conflict: () => refuse('', m.meetings_room_breakouts_taken()),
			wrong_state: () => refuse('', m.meetings_wrong_state())
		})
	),
	move: formAction('move', move, async (input, event) =>
		settle(event, await rpc(event.locals.supabase, 'move_to_breakout', { code: event.params.meeting, ...input }))
	),
	back: formAction('back', v.object({}), async (_, event) =>
		settle(event, await rpc(event.locals.supabase, 'end_breakouts', { code: event.params.meeting }))
	),
	hand: formAction('hand', hand, async ({ raised, participant }, event) => {
		const values = { code: event.params.meeting, raised, ...(participant && { participant }) };
		return settle(event, await rpc(event.locals.supabase, 'raise_meeting_hand', values));
	}),
	share: formAction('share', share, async ({ shares, participant }, event) => {
		const values = { code: event.params.meeting, shares, ...(participant && { participant }) };
		return settle(event, await rpc(event.locals.supabase, 'share_meeting_screen', values));
	}),
	camera: formAction('camera', v.object({ sends: checkbox() }), async ({ sends }, event) =>
		byStatus(await rpc(event.locals.supabase, 'switch_meeting_camera', { code: event.params.meeting, sends }), {
			ok: () => acted(event),
			not_found: () => noLonger(event),
			invalid: () => refuse('', m.ui_form_wrong(), 422),
			conflict: () => refuse('', m.meetings_room_cameras_full({ count: mostCameras })),
			wrong_state: () => refuse('', m.meetings_wrong_state())
		})
	),
	say: formAction('say', message, async ({ room, ...input }, event) => {
		const values = { code: event.params.meeting, ...input, ...(room !== undefined && { room }) };
		const status = await rpc(event.locals.supabase, 'write_meeting_message', values);
		return status === 'wrong_state' ? refuse('', m.meetings_room_moved()) : settle(event, status);
	}),
	mute: formAction('mute', v.object({ participant: optionalId() }), async ({ participant }, event) => {
		const code = event.params.meeting;
		const values = { code, ...(participant && { participant }) };
		const status = await rpc(event.locals.supabase, 'mute_in_meeting', values);
		if (status === 'ok') await muteMeeting(code);
		return settle(event, status);
	}),
	admit: formAction('admit', decision, async (input, event) =>
		settle(event, await rpc(event.locals.supabase, 'admit_to_meeting', { code: event.params.meeting, ...input }))
	),
	lock: formAction('lock', v.object({ locked: checkbox() }), async ({ locked }, event) =>
		settle(event, await rpc(event.locals.supabase, 'set_meeting_room_lock', { code: event.params.meeting, locked }))
	),
	end: formAction('end', v.object({}), async (_, event) =>
		settle(event, await rpc(event.locals.supabase, 'end_meeting_room', { code: event.params.meeting }))
	)
};
