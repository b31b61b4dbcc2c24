import { byStatus } from '#lib/database/by-status.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { readSummitSettings, saveText } from '#lib/summits/server/settings.ts';
import { isTextKind, type TextKind } from '#lib/summits/text-kinds.ts';
import { gatherText, tagsFor, textEntries } from '#lib/summits/written.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

function kindOf(url: URL): TextKind {
	const asked = url.searchParams.get('text') ?? 'about';
	return isTextKind(asked) ? asked : error(404);
}

export const load: PageServerLoad = async ({ locals, params, url }) => {
	const { texts, languages } = await readSummitSettings(locals.supabase, params.summit);
	const kind = kindOf(url);
	return { kind, languages, body: texts[kind] ?? {}, written: Object.keys(texts) };
};

async function textForm({ locals, params, url }: RequestEvent) {
	const { id, texts, languages } = await readSummitSettings(locals.supabase, params.summit);
	const kind = kindOf(url);
	const tags = tagsFor(languages, texts[kind]);
	return { id, kind, tags, schema: v.object(textEntries('body', tags, { most: 20_000, lines: true })) };
}

export const actions: Actions = {
	default: formAction(textForm, async (input, { locals, params }, _, { id, kind, tags }) => {
		return byStatus(await saveText(locals.supabase, id, kind, gatherText(input, 'body', tags)), {
			ok: () => `/${params.summit}/organise/settings/texts?text=${kind}&done=saved`,
			invalid: () => refuse('', m.summits_text_invalid(), 422),
			not_allowed: () => refuse('', m.summits_text_not_allowed())
		});
	})
};
