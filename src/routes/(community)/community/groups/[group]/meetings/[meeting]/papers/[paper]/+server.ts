import { openMeetingPaper } from '#lib/files/server/meeting-papers.ts';
import { answerDownload } from '#lib/files/server/serve.ts';
import { m } from '#lib/i18n/messages.ts';
import { error } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** A paper of a meeting, for the people of its group. */
export const GET: RequestHandler = async ({ locals: { supabase }, params, request }) => {
	const found = await openMeetingPaper(supabase, params.meeting, params.paper);
	return (found && (await answerDownload(request, found, found.name))) ?? error(404, m.ui_not_found());
};
