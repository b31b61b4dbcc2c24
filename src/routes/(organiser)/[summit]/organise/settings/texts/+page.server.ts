import { parseForm } from '#lib/forms/parse.ts';
import { href } from '#lib/i18n/locale.ts';
import { readSummitSettings, saveText } from '#lib/summits/server/settings.ts';
import { textKinds } from '#lib/summits/text-kinds.ts';
import { gatherText, tagsFor, textEntries } from '#lib/summits/written.ts';
import { error, fail, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

function kindOf(url: URL) {
	const asked = url.searchParams.get('text') ?? textKinds[0].value;
	const kind = textKinds.find(({ value }) => value === asked);
	if (!kind) error(404);
	return kind;
}

export const load: PageServerLoad = async ({ locals, params, url }) => {
	const { texts, languages } = await readSummitSettings(locals.supabase, params.summit);
	const kind = kindOf(url);
	return { kind, languages, body: texts[kind.value] ?? {}, written: Object.keys(texts) };
};

export const actions: Actions = {
	default: async ({ locals, params, request, url }) => {
		const { id, texts, languages } = await readSummitSettings(locals.supabase, params.summit);
		const kind = kindOf(url).value;
		const tags = tagsFor(languages, texts[kind]);
		const parsed = parseForm(
			await request.formData(),
			v.object(textEntries('body', tags, { most: 20_000, lines: true }))
		);
		if (!parsed.ok) return fail(422, { form: parsed.form });
		await saveText(locals.supabase, id, kind, gatherText(parsed.output, 'body', tags));
		redirect(303, href(`/${params.summit}/organise/settings/texts?text=${kind}&done=saved`));
	}
};
