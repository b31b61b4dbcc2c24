import { bytesOf } from '#lib/files/server/store.ts';
import { m } from '#lib/i18n/messages.ts';
import { slideOfKey } from '#lib/recording/server/recorder.ts';
import { slidePicture } from '#lib/stage/server/slides.ts';
import { error } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** A page of the shown slides, for the page that draws the stage. */
export const GET: RequestHandler = async ({ params }) => {
	const number = Number(params.page);
	const object = await slideOfKey(params.key, params.version, number);
	const picture = object ? await slidePicture(params.version, number, () => bytesOf(object)) : null;
	if (!picture) error(404, m.ui_not_found());
	return new Response(picture.bytes, {
		headers: { 'content-type': 'image/webp', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }
	});
};
