import { readTranscript } from '#lib/captions/server/captions.ts';
import { vttFrom } from '#lib/captions/vtt.ts';
import { m } from '#lib/i18n/messages.ts';
import { error } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** The transcript of a past session, as WebVTT, for people who may follow the session. */
export const GET: RequestHandler = async ({ locals: { supabase, summit }, params }) => {
	if (params.language.length > 35) error(404, m.ui_not_found());
	const cues = await readTranscript(supabase, summit.id, params.code, params.language);
	// No transcript, none yet and none for this reader get the same answer.
	if (!cues) error(404, m.ui_not_found());
	return new Response(vttFrom(cues, params.language), {
		headers: { 'content-type': 'text/vtt; charset=utf-8', 'cache-control': 'private, no-cache' }
	});
};
