import { m } from '#lib/i18n/messages.ts';
import { openPiece, pieceSeconds } from '#lib/recording/server/large-stream.ts';
import { error } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** A piece of a large audience's stream, by its signed address: the same for everybody, so that a CDN may keep it. */
export const GET: RequestHandler = async ({ params, url }) => {
	const bytes = await openPiece(params.id, params.file, {
		until: url.searchParams.get('until') ?? '',
		signature: url.searchParams.get('signature') ?? ''
	});
	if (!bytes) error(404, m.ui_not_found());
	return new Response(bytes, {
		headers: {
			'content-type': 'video/mp2t',
			'content-length': String(bytes.length),
			'cache-control': `public, max-age=${pieceSeconds}`
		}
	});
};
