import { answerBytes } from '#lib/files/server/serve.ts';
import { notFound } from '#lib/forms/server/action.ts';
import { openAnswerFile } from '#lib/files/server/answer-files.ts';
import type { RequestHandler } from './$types';

/** The file that a registrant gave in answer to a question. The database records the reading first. */
export const GET: RequestHandler = async ({ locals, params, request }) => {
	// A look at the headers is no reading, and says nothing.
	if (request.method === 'HEAD') return new Response(null, { status: 204 });
	const file = await openAnswerFile(locals.supabase, locals.summit.id, params.field, params.reference);
	return file ? answerBytes(file.bytes, file.media_type, file.name) : notFound();
};
