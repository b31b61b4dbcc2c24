import { readTranscriptLines, removeTranscriptLine } from '#lib/captions/server/captions.ts';
import { transcriptFiltersFrom, transcriptQuery } from '#lib/captions/transcript.ts';
import { id } from '#lib/forms/fields.ts';
import { formAction, notFound } from '#lib/forms/server/action.ts';
import * as v from 'valibot';
import { requireSession } from '../require-session.ts';
import type { Actions, PageServerLoad } from './$types';

/** The lines of the transcripts of a session, which organisers read and take out one by one. */
export const load: PageServerLoad = async ({ locals, params, url, depends }) => {
	depends('recordings');
	const { session } = await requireSession(locals, params);
	const filters = transcriptFiltersFrom(url.searchParams);
	const transcript = (await readTranscriptLines(locals.supabase, session.id, filters)) ?? notFound();
	return { session, filters, transcript };
};

export const actions: Actions = {
	remove: formAction('remove', v.object({ line: id() }), async ({ line }, { locals, params, url }) => {
		await requireSession(locals, params);
		// Somebody else may have removed it a moment before.
		await removeTranscriptLine(locals.supabase, line);
		const filters = transcriptFiltersFrom(url.searchParams);
		const query = transcriptQuery(filters, filters.page);
		return `/${params.summit}/organise/agenda/${params.session}/transcript${query}${query ? '&' : '?'}done=removed`;
	})
};
