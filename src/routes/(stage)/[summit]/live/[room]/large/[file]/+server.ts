import { m } from '#lib/i18n/messages.ts';
import { noteCookie } from '#lib/recording/recording.ts';
import { fileOfStream, openStream } from '#lib/recording/server/large.ts';
import { error } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** The playlist and the segments of a large audience's stream; each request is checked again. */
export const GET: RequestHandler = async ({ locals, params, cookies }) => {
	const confirmed = cookies.get(noteCookie) ?? '';
	const bytes = await openStream(
		locals.viewer?.personId ?? null,
		locals.summit.id,
		params.room,
		params.file,
		confirmed
	);
	if (!bytes) error(404, m.ui_not_found());
	const isList = fileOfStream(params.file) === 'playlist';
	return new Response(bytes, {
		headers: {
			'content-type': isList ? 'application/vnd.apple.mpegurl' : 'video/mp2t',
			'cache-control': isList ? 'no-store' : 'private, max-age=60'
		}
	});
};
