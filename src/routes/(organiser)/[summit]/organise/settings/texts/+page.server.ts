import { byStatus } from '#lib/database/by-status.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { readSummitSettings, saveText } from '#lib/summits/server/settings.ts';
import { gatherText, tagsFor, textEntries } from '#lib/summits/written.ts';
import * as v from 'valibot';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

const kind = 'debrief';

export const load: PageServerLoad = async ({ locals, params }) => {
	const { texts, languages } = await readSummitSettings(locals.supabase, params.summit);
	return { languages, body: texts[kind] ?? {} };
};

async function textForm({ locals, params }: RequestEvent) {
	const { id, texts, languages } = await readSummitSettings(locals.supabase, params.summit);
	const tags = tagsFor(languages, texts[kind]);
	return { id, tags, schema: v.object(textEntries('body', tags, { most: 20_000, lines: true })) };
}

export const actions: Actions = {
	default: formAction(textForm, async (input, { locals, params }, _, { id, tags }) => {
		return byStatus(await saveText(locals.supabase, id, kind, gatherText(input, 'body', tags)), {
			ok: () => `/${params.summit}/organise/settings/texts?done=saved`,
			invalid: () => refuse('', m.summits_text_invalid(), 422),
			not_allowed: () => refuse('', m.summits_text_not_allowed())
		});
	})
};
