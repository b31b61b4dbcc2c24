import { m } from '#lib/i18n/messages.ts';
import { partNames } from '#lib/meetings/room/room-parts.ts';
import { readRoomParts } from '#lib/meetings/server/room.ts';
import { error, json } from '@sveltejs/kit';
import * as v from 'valibot';
import type { RequestHandler } from './$types';

const query = v.object({
	parts: v.pipe(
		v.string(),
		v.transform((names) => names.split(',')),
		v.array(v.picklist(partNames))
	),
	after: v.nullable(v.pipe(v.string(), v.uuid()))
});

/** What an event says has changed in the room, for its page. */
export const GET: RequestHandler = async ({ locals, params, url }) => {
	const found = v.safeParse(query, { parts: url.searchParams.get('parts'), after: url.searchParams.get('after') });
	if (!found.success) error(400, m.ui_form_wrong());
	const parts = await readRoomParts(locals.supabase, params.meeting, found.output.parts, found.output.after);
	return json(parts, { headers: { 'cache-control': 'no-store' } });
};
