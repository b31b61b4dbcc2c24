import { m } from '#lib/i18n/messages.ts';
import { openPlaylist } from '#lib/recording/server/large-stream.ts';
import { playlistResponse } from '#lib/recording/server/playlist-response.ts';
import { error } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** The newest pieces of a large audience's stream, for the holder of a pass. */
export const GET: RequestHandler = async ({ params, url }) => {
	const list = await openPlaylist(params.id, url.searchParams.get('pass') ?? '');
	return list === null ? error(404, m.ui_not_found()) : playlistResponse(list);
};
