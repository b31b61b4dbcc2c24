import { requiredLines, yesNo } from '#lib/forms/fields.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { acted, formAction, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { boothRefusal, type BoothRefusal } from '#lib/interpretation/words.ts';
import { staffData } from '#lib/meetings/room/room-data.ts';
import { readMeetingBooth } from '#lib/meetings/server/room.ts';
import { streamState } from '#lib/stage/server/tokens.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

/** The booth of one language in the room of a meeting, for its interpreters. */
export const load: PageServerLoad = async ({ locals, params, depends, setHeaders, isDataRequest }) => {
	depends(staffData);
	setHeaders({ 'cache-control': 'no-store' });
	const [view, stream] = await Promise.all([
		readMeetingBooth(locals.supabase, params.group, params.meeting, params.language),
		streamState()
	]);
	// An open page says that the work has ended instead of "not found".
	if (!view && !isDataRequest) error(404, m.ui_not_found());
	return { view, stream };
};

// A partner may have done the same a moment before.
const settle = (event: RequestEvent, status: 'ok' | 'already' | BoothRefusal) =>
	status === 'ok' || status === 'already'
		? acted(event)
		: refuse('', status === 'busy' ? m.meetings_booth_busy() : boothRefusal(status));

const offer = v.object({
	offered: yesNo()
});

const booth = ({ params: { meeting: code, language } }: RequestEvent) => ({ code, language });

export const actions: Actions = {
	take: formAction('booth', v.object({}), async (_, event) =>
		settle(event, await rpc(event.locals.supabase, 'take_meeting_booth', booth(event)))
	),
	offer: formAction('booth', offer, async (input, event) =>
		settle(event, await rpc(event.locals.supabase, 'offer_meeting_booth', { ...booth(event), ...input }))
	),
	leave: formAction('booth', v.object({}), async (_, event) =>
		settle(event, await rpc(event.locals.supabase, 'leave_meeting_booth', booth(event)))
	),
	say: formAction('line', v.object({ words: requiredLines(500) }), async (input, event) =>
		settle(event, await rpc(event.locals.supabase, 'send_meeting_booth_message', { ...booth(event), ...input }))
	)
};
