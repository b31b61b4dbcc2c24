import { answerBytes } from '#lib/files/server/serve.ts';
import { notFound } from '#lib/forms/server/action.ts';
import { openOwnFile } from '#lib/files/server/answer-files.ts';
import type { RequestHandler } from './$types';

/** The file that the reader gave in answer to a question. */
export const GET: RequestHandler = async ({ locals, params }) => {
	const file = await openOwnFile(locals.supabase, locals.summit.id, params.field);
	return file ? answerBytes(file.bytes, file.media_type, file.name) : notFound();
};
