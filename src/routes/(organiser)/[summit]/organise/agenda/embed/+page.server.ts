import { m } from '#lib/i18n/messages.ts';
import { mostOrigins, originsFrom, snippetFor } from '#lib/agenda/embed/origins.ts';
import { readEmbedOrigins, saveEmbedOrigins } from '#lib/agenda/server/embedding.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { isolated, text } from '#lib/i18n/locale.ts';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

const schema = v.object({
	origins: v.pipe(
		v.string(),
		v.maxLength(5000, () => m.agenda_embed_most({ most: mostOrigins }))
	)
});

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit } = locals;
	const origins = await readEmbedOrigins(locals.supabase, summit.id);
	const title = m.agenda_embed_frame_title({ summit: text(summit.name).text });
	return {
		origins,
		snippet: snippetFor(url.origin, summit.slug, title),
		page: `/${summit.slug}/embed/agenda`,
		day: summit.starts_on,
		saved: url.searchParams.has('saved')
	};
};

export const actions: Actions = {
	default: formAction(schema, async (input, { locals, params }) => {
		const { summit } = locals;
		const { origins, wrong } = originsFrom(input.origins);
		const refused = (words: string) => refuse('origins', words, 422);
		if (wrong !== null) return refused(m.agenda_embed_wrong({ site: isolated(wrong.slice(0, 80)) }));
		if (origins.length > mostOrigins) return refused(m.agenda_embed_most({ most: mostOrigins }));
		const notSaved = () => refused(m.agenda_embed_not_saved());
		return byStatus(await saveEmbedOrigins(locals.supabase, summit.id, origins), {
			ok: () => `/${params.summit}/organise/agenda/embed?saved`,
			invalid: notSaved,
			not_allowed: notSaved
		});
	})
};
