import { m } from '#lib/i18n/messages.ts';
import { readRecordingCaptions } from '#lib/recording/server/recordings.ts';
import { cuesFile } from '#lib/recording/words.ts';
import { error } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** The captions of a recording in one language, as WebVTT. */
export const GET: RequestHandler = async ({ locals: { summit, supabase }, params }) => {
	const cues = summit && (await readRecordingCaptions(supabase, summit.id, params.recording))?.[params.language];
	if (!cues) error(404, m.ui_not_found());
	return new Response(cuesFile(cues), {
		headers: { 'content-type': 'text/vtt; charset=utf-8', 'cache-control': 'private, no-store' }
	});
};
