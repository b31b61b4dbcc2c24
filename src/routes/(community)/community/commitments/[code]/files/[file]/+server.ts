import { openCommitmentFile } from '#lib/files/server/commitment-files.ts';
import { answerDownload } from '#lib/files/server/serve.ts';
import { m } from '#lib/i18n/messages.ts';
import { error } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** A file of a report on a commitment, for those who see the report. */
export const GET: RequestHandler = async ({ locals: { supabase }, params, request }) => {
	const found = await openCommitmentFile(supabase, params.file);
	return (found && (await answerDownload(request, found, found.name))) ?? error(404, m.ui_not_found());
};
