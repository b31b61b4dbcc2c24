import { abandonObjects, storeBytes } from '#lib/files/server/uploading.ts';
import { m } from '#lib/i18n/messages.ts';
import { addPiece, findView, largestPiece } from '#lib/recording/server/recorder.ts';
import { error } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** Receives a piece of a part, once and in order. 410 when no more pieces are needed. */
export const PUT: RequestHandler = async ({ params, request }) => {
	// The key is checked first, so that bytes without a valid key are not read.
	if (!(await findView(params.key))) error(404, m.ui_not_found());
	const bytes = Buffer.from(await request.arrayBuffer());
	if (bytes.length === 0) error(400, m.ui_form_wrong());
	if (bytes.length > largestPiece) error(413, m.ui_form_wrong());
	const object = await storeBytes(bytes, 'video/webm');
	const status = await addPiece(params.key, Number(params.part), Number(params.number), object);
	if (status !== 'ok') await abandonObjects(object);
	return new Response(null, { status: { ok: 204, already: 204, gap: 409, over: 410 }[status] });
};
