import { openLibraryFile } from '#lib/files/server/library-files.ts';
import { answerDownload } from '#lib/files/server/serve.ts';
import { m } from '#lib/i18n/messages.ts';
import { error } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** A file of the library, for those who may read its version or work on it. */
export const GET: RequestHandler = async ({ locals: { supabase }, params, request }) => {
	const found = await openLibraryFile(supabase, params.file, request);
	const answer = found && (await answerDownload(request, found, found.name));
	return answer ?? error(404, m.ui_not_found());
};
