import { m } from '#lib/i18n/messages.ts';
import { noteCookie } from '#lib/recording/recording.ts';
import { openStream } from '#lib/recording/server/large-stream.ts';
import { playlistResponse } from '#lib/recording/server/playlist-response.ts';
import { error } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** The playlist of a large audience's stream, for a reader who may watch it: it names their own one. */
export const GET: RequestHandler = async ({ locals, params, cookies }) => {
	const reader = { person: locals.viewer?.personId ?? null, confirmed: cookies.get(noteCookie) ?? '' };
	const list = await openStream(reader, { summit: locals.summit.id, room: params.room });
	return list === null ? error(404, m.ui_not_found()) : playlistResponse(list);
};
