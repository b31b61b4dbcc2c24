import { readSession } from '#lib/agenda/server/sessions.ts';
import { m } from '#lib/i18n/messages.ts';
import { watchable } from '#lib/recording/server/recordings.ts';
import { chapterCues, cuesFile } from '#lib/recording/words.ts';
import { error } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** The chapters, for the player's own menu. */
export const GET: RequestHandler = async ({ locals: { summit, supabase }, params }) => {
	const session = summit && (await readSession(supabase, summit.id, params.code));
	const recording = session && (await watchable(supabase, summit.id, session, params.recording));
	if (!recording) error(404, m.ui_not_found());
	return new Response(cuesFile(chapterCues(recording.chapters, recording.length_ms)), {
		headers: { 'content-type': 'text/vtt; charset=utf-8', 'cache-control': 'private, no-store' }
	});
};
