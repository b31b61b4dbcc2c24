import { byStatus } from '#lib/database/by-status.ts';
import type { AnswerOf } from '#lib/database/calls.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { checkbox, id, optionalId, requiredLines, wholeNumber } from '#lib/forms/fields.ts';
import { acted, formAction, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import type { RequestEvent } from '@sveltejs/kit';
import * as v from 'valibot';
import { mostCameras } from '../room/room-data.ts';

const decision = v.object({ participant: id(), admitted: checkbox() });
const message = v.object({ words: requiredLines(1000), everywhere: checkbox(), room: v.optional(wholeNumber(0, 20)) });
const hand = v.object({ raised: checkbox(), participant: optionalId() });
const share = v.object({ shares: checkbox(), participant: optionalId() });
const breakouts = v.object({ rooms: wholeNumber(2, 20), minutes: wholeNumber(1, 240), evenly: checkbox() });
const move = v.object({ participant: id(), number: wholeNumber(0, 20) });

/** The form actions of a live room. `codeOf`: what the room is called by; `check`: 404 for those who may not be there; `mute`: mutes in LiveKit. */
export function roomActions<Event extends RequestEvent>(
	codeOf: (event: Event) => string | Promise<string>,
	check: (event: Event) => Promise<unknown>,
	mute: (code: string) => Promise<void>
) {
	// Who may still be there keeps the page, its video and what they typed; for others there is nothing here.
	const noLonger = async (event: Event) => {
		await check(event);
		return refuse('', m.meetings_room_no_longer());
	};
	const settle = async (event: Event, status: AnswerOf<'mute_in_meeting'>) =>
		byStatus(status, {
			ok: () => acted(event),
			not_found: () => noLonger(event),
			invalid: () => refuse('', m.ui_form_wrong(), 422),
			conflict: () => refuse('', m.meetings_room_screen_taken()),
			wrong_state: () => refuse('', m.meetings_wrong_state())
		});
	return {
		start: formAction('start', breakouts, async (input, event: Event) =>
			byStatus(await rpc(event.locals.supabase, 'start_breakouts', { code: await codeOf(event), ...input }), {
				ok: () => acted(event),
				not_found: () => noLonger(event),
				invalid: () => refuse('', m.ui_form_wrong(), 422),
				conflict: () => refuse('', m.meetings_room_breakouts_taken()),
				wrong_state: () => refuse('', m.meetings_wrong_state())
			})
		),
		move: formAction('move', move, async (input, event: Event) =>
			settle(event, await rpc(event.locals.supabase, 'move_to_breakout', { code: await codeOf(event), ...input }))
		),
		back: formAction('back', v.object({}), async (_, event: Event) =>
			settle(event, await rpc(event.locals.supabase, 'end_breakouts', { code: await codeOf(event) }))
		),
		hand: formAction('hand', hand, async ({ raised, participant }, event: Event) => {
			const values = { code: await codeOf(event), raised, ...(participant && { participant }) };
			return settle(event, await rpc(event.locals.supabase, 'raise_meeting_hand', values));
		}),
		share: formAction('share', share, async ({ shares, participant }, event: Event) => {
			const values = { code: await codeOf(event), shares, ...(participant && { participant }) };
			return settle(event, await rpc(event.locals.supabase, 'share_meeting_screen', values));
		}),
		camera: formAction('camera', v.object({ sends: checkbox() }), async ({ sends }, event: Event) =>
			byStatus(await rpc(event.locals.supabase, 'switch_meeting_camera', { code: await codeOf(event), sends }), {
				ok: () => acted(event),
				not_found: () => noLonger(event),
				invalid: () => refuse('', m.ui_form_wrong(), 422),
				conflict: () => refuse('', m.meetings_room_cameras_full({ count: mostCameras })),
				wrong_state: () => refuse('', m.meetings_wrong_state())
			})
		),
		say: formAction('say', message, async ({ room, ...input }, event: Event) => {
			const values = { code: await codeOf(event), ...input, ...(room !== undefined && { room }) };
			const status = await rpc(event.locals.supabase, 'write_meeting_message', values);
			if (status === 'conflict') return refuse('', m.participation_chat_too_soon());
			return status === 'wrong_state' ? refuse('', m.meetings_room_moved()) : settle(event, status);
		}),
		unsay: formAction('unsay', v.object({ message: id() }), async ({ message }, event: Event) =>
			settle(event, await rpc(event.locals.supabase, 'delete_meeting_message', { code: await codeOf(event), message }))
		),
		mute: formAction('mute', v.object({ participant: optionalId() }), async ({ participant }, event: Event) => {
			const code = await codeOf(event);
			const values = { code, ...(participant && { participant }) };
			const status = await rpc(event.locals.supabase, 'mute_in_meeting', values);
			if (status === 'ok') await mute(code);
			return settle(event, status);
		}),
		admit: formAction('admit', decision, async (input, event: Event) =>
			settle(event, await rpc(event.locals.supabase, 'admit_to_meeting', { code: await codeOf(event), ...input }))
		),
		lock: formAction('lock', v.object({ locked: checkbox() }), async ({ locked }, event: Event) =>
			settle(event, await rpc(event.locals.supabase, 'set_meeting_room_lock', { code: await codeOf(event), locked }))
		),
		end: formAction('end', v.object({}), async (_, event: Event) =>
			settle(event, await rpc(event.locals.supabase, 'end_meeting_room', { code: await codeOf(event) }))
		)
	};
}
