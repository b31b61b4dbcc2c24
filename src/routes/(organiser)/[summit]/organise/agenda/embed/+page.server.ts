import { readEmbedOrigins, saveEmbedOrigins } from '#lib/agenda/server/embedding.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { text } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { embedSchema, sitesOf, snippetFor } from '#lib/ui/embed/origins.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit } = locals;
	const origins = await readEmbedOrigins(locals.supabase, summit.id);
	const title = m.agenda_embed_frame_title({ summit: text(summit.name).text });
	const page = `/${summit.slug}/embed/agenda`;
	return {
		origins,
		snippet: snippetFor(url.origin + page, title),
		page,
		day: summit.starts_on,
		saved: url.searchParams.has('saved')
	};
};

export const actions: Actions = {
	default: formAction(embedSchema, async (input, { locals, params }) => {
		const { origins, refusal } = sitesOf(input.origins);
		if (refusal !== null) return refuse('origins', refusal, 422);
		const notSaved = () => refuse('origins', m.agenda_embed_not_saved(), 422);
		return byStatus(await saveEmbedOrigins(locals.supabase, locals.summit.id, origins), {
			ok: () => `/${params.summit}/organise/agenda/embed?saved`,
			invalid: notSaved,
			not_allowed: notSaved
		});
	})
};
