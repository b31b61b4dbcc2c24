import { choicesFrom, choicesText, fieldFrom, fieldSchema } from '#lib/logistics/field-form.ts';
import { readLogisticsOverview, saveLogisticsField } from '#lib/logistics/server/overview.ts';
import { parseForm, withIssue } from '#lib/forms/parse.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { tagsFor } from '#lib/summits/written.ts';
import { error, fail, redirect } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

async function placeOf(locals: App.Locals, id: string) {
	const { summit, supabase } = locals;
	const overview = await readLogisticsOverview(supabase, summit.id);
	if (!overview?.may_change) error(403, m.ui_forbidden());
	const field = overview.fields.find((one) => one.id === id) ?? null;
	if (!field && id !== 'new') error(404, m.ui_not_found());
	return { summit, supabase, field, next: Math.max(0, ...overview.fields.map(({ position }) => position)) + 1 };
}

export const load: PageServerLoad = async ({ locals, params }) => {
	const { summit, field, next } = await placeOf(locals, params.field);
	return { field, next, languages: summit.languages, choices: choicesText(field?.choices ?? []) };
};

const faultWords: Record<string, [field: string, words: string]> = {
	choices: ['choices', 'Give two choices at least, one a line: key = Words.'],
	readers: ['readers[]', 'One of these roles cannot read it.'],
	key: ['key', 'Small letters, digits and _, beginning with a letter.']
};

export const actions: Actions = {
	default: async ({ locals, params, request }) => {
		const { summit, supabase, field } = await placeOf(locals, params.field);
		const tags = [
			...new Set([...tagsFor(summit.languages, field?.label), ...tagsFor(summit.languages, field?.purpose)])
		];
		const data = await request.formData();
		if (field) data.set('key', field.key);
		const parsed = parseForm(data, fieldSchema(tags));
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const { output } = parsed;
		const isChoice = output['kind'] === 'choice';
		const choices = isChoice ? choicesFrom(String(output['choices']), field?.choices ?? [], tags[0] ?? 'en') : [];
		if (!choices) return fail(422, { form: withIssue(parsed.form, 'choices', 'Write one a line: key = Words.') });
		const saved = await saveLogisticsField(supabase, summit.id, fieldFrom(output, tags, choices));
		if (saved.status === 'ok') redirect(303, href(`/${params.summit}/organise/details/fields?done=saved`));
		if (saved.status === 'promised') {
			const words =
				'Somebody has answered under what was promised: no further reader, no later day, no other purpose or kind. Ask a new question instead.';
			return fail(409, { form: withIssue(parsed.form, '', words) });
		}
		const [path, words] = faultWords[saved.status === 'invalid' ? (saved.faults[0] ?? '') : ''] ?? [
			'',
			'This does not fit together. Nothing was saved.'
		];
		return fail(422, { form: withIssue(parsed.form, path, words) });
	}
};
