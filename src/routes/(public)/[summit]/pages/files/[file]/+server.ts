import { openPageFile } from '#lib/files/server/page-files.ts';
import { answerDownload, answerPicture } from '#lib/files/server/serve.ts';
import { m } from '#lib/i18n/messages.ts';
import { error, type RequestHandler } from '@sveltejs/kit';

/** A picture or a document of a published page; those of drafts for their writers alone. */
export const GET: RequestHandler = async ({ locals: { summit, supabase }, params, request }) => {
	const found = summit ? await openPageFile(supabase, summit.id, params['file'] ?? '') : null;
	if (!found) error(404, m.ui_not_found());
	const answer = found.media_type.startsWith('image/')
		? await answerPicture(request, found)
		: await answerDownload(request, found, found.name);
	return answer ?? error(404, m.ui_not_found());
};
