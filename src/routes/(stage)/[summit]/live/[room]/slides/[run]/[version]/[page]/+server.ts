import { bytesOf } from '#lib/files/server/store.ts';
import { isId } from '#lib/forms/ids.ts';
import { m } from '#lib/i18n/messages.ts';
import { slideObject, slidePicture } from '#lib/stage/server/slides.ts';
import { error } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** A page of the shown slides, for current viewers: each request is checked again. */
export const GET: RequestHandler = async ({ locals, params, request }) => {
	const { run, version, page } = params;
	if (!isId(run) || !isId(version) || !/^[1-9]\d{0,3}$/.test(page)) error(404, m.ui_not_found());
	const object = await slideObject(locals.viewer?.personId ?? null, run, version, Number(page));
	if (!object) error(404, m.ui_not_found());
	const picture = await slidePicture(version, Number(page), () => bytesOf(object));
	if (!picture) error(404, m.ui_not_found());
	const headers = {
		etag: picture.tag,
		'cache-control': 'private, no-cache, no-transform',
		'cross-origin-resource-policy': 'same-origin',
		'x-content-type-options': 'nosniff'
	};
	if (request.headers.get('if-none-match') === picture.tag) return new Response(null, { status: 304, headers });
	return new Response(picture.bytes, { headers: { ...headers, 'content-type': 'image/webp' } });
};
