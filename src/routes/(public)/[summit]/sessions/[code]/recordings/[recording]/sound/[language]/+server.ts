import { answerDownload } from '#lib/files/server/serve.ts';
import { m } from '#lib/i18n/messages.ts';
import { openSound } from '#lib/recording/server/recordings.ts';
import { error } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** The interpreted sound of a recording in one language; each request checks again who may have it. */
export const GET: RequestHandler = async ({ locals: { summit, supabase }, params, request }) => {
	const found = summit && (await openSound(supabase, summit.id, params.recording, params.language));
	const answer = found && (await answerDownload(request, found, `${params.code}.${params.language}.webm`));
	return answer ?? error(404, m.ui_not_found());
};

export const HEAD = GET;
