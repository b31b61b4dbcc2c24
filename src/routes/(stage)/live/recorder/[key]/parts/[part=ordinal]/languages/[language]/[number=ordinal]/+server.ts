import { abandonObjects, storeBytes } from '#lib/files/server/uploading.ts';
import { m } from '#lib/i18n/messages.ts';
import { addLanguagePiece, isRecorderKey, largestPiece } from '#lib/recording/server/recorder.ts';
import { error } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** Receives a piece of the sound of a language, once and in order. 410 when no more pieces are needed. */
export const PUT: RequestHandler = async ({ params, request, url }) => {
	// The key is checked first, so that bytes without a valid key are not read.
	if (!(await isRecorderKey(params.key))) error(404, m.ui_not_found());
	const starts = Number(url.searchParams.get('starts') ?? 0);
	const bytes = Buffer.from(await request.arrayBuffer());
	if (bytes.length === 0 || !Number.isInteger(starts) || starts < 0 || starts > 36_000_000)
		error(400, m.ui_form_wrong());
	if (bytes.length > largestPiece) error(413, m.ui_form_wrong());
	const object = await storeBytes(bytes, 'audio/webm');
	const piece = { part: Number(params.part), language: params.language, number: Number(params.number), starts };
	const status = await addLanguagePiece(params.key, piece, object);
	if (status !== 'ok') await abandonObjects(object);
	return new Response(null, { status: { ok: 204, already: 204, gap: 409, over: 410 }[status] });
};
