import { m } from '#lib/i18n/messages.ts';
import { findView } from '#lib/recording/server/recorder.ts';
import type { RecorderView } from '#lib/recording/recording.ts';
import { error, json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** What the recorder must do now. */
export const GET: RequestHandler = async ({ params }) => {
	const found = await findView(params.key);
	if (!found) error(404, m.ui_not_found());
	const { due, title, on_stage, staged, slides, poll, signing, booths } = found;
	return json({ due, title, on_stage, staged, slides, poll, signing, booths } satisfies RecorderView, {
		headers: { 'cache-control': 'no-store' }
	});
};
