import { readRoomParts } from '#lib/meetings/server/room.ts';
import { partsQuery } from '#lib/meetings/server/parts-query.ts';
import { named, requireWorkshop } from '#lib/meetings/server/run-room.ts';
import { json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** What an event says has changed in the room of a workshop, for its page. */
export const GET: RequestHandler = async ({ locals, params, url }) => {
	const { parts, after } = partsQuery(url);
	const read = await readRoomParts(locals.supabase, await requireWorkshop(locals, params), parts, after);
	return json(named(read), { headers: { 'cache-control': 'no-store' } });
};
