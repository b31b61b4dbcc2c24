import { readRoomParts } from '#lib/meetings/server/room.ts';
import { partsQuery } from '#lib/meetings/server/parts-query.ts';
import { json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** What an event says has changed in the room, for its page. */
export const GET: RequestHandler = async ({ locals, params, url }) => {
	const { parts, after } = partsQuery(url);
	const read = await readRoomParts(locals.supabase, params.meeting, parts, after);
	return json(read, { headers: { 'cache-control': 'no-store' } });
};
