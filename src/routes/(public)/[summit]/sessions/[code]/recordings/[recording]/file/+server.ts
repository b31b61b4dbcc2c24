import { answerDownload } from '#lib/files/server/serve.ts';
import { m } from '#lib/i18n/messages.ts';
import { openRecording } from '#lib/recording/server/recordings.ts';
import { error } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/**
 * The bytes of a recording, whole or in part, in its own format or in `?format=webm|mp4`; each request checks again who
 * may read them.
 */
export const GET: RequestHandler = async ({ locals: { summit, supabase }, params, request, url }) => {
	const format = url.searchParams.get('format');
	const found = summit && (await openRecording(supabase, summit.id, params.recording, format));
	const answer = found && (await answerDownload(request, found, `${params.code}.${found.format}`));
	return answer ?? error(404, m.ui_not_found());
};

export const HEAD = GET;
