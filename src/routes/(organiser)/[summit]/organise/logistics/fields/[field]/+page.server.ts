import { choicesFrom, choicesText, fieldFrom, fieldSchema } from '#lib/logistics/field-form.ts';
import { readLogisticsOverview, saveLogisticsField } from '#lib/logistics/server/overview.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { tagsFor } from '#lib/summits/written.ts';
import { error } from '@sveltejs/kit';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

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

const faultWords: Record<string, [field: string, words: () => string]> = {
	choices: ['choices', m.logistics_choices_few],
	visible_to: ['visible_to[]', m.logistics_readers_wrong],
	key: ['key', m.logistics_key_wrong]
};

async function fieldForm({ locals, params }: RequestEvent, data: FormData) {
	const known = await placeOf(locals, params.field);
	const { summit, field } = known;
	const tags = [...new Set([...tagsFor(summit.languages, field?.label), ...tagsFor(summit.languages, field?.purpose)])];
	if (field) data.set('key', field.key);
	return { ...known, tags, schema: fieldSchema(tags) };
}

export const actions: Actions = {
	default: formAction(fieldForm, async (output, { params }, _, { summit, supabase, field, tags }) => {
		const isChoice = output['kind'] === 'choice';
		const choices = isChoice ? choicesFrom(String(output['choices']), field?.choices ?? [], tags[0] ?? 'en') : [];
		if (!choices) return refuse('choices', m.logistics_choices_wrong(), 422);
		const saved = await saveLogisticsField(supabase, summit.id, fieldFrom(output, tags, choices));
		return byStatus(saved, {
			ok: () => `/${params.summit}/organise/logistics/fields?done=saved`,
			promised: () => refuse('', m.logistics_field_promised()),
			invalid: ({ faults }) => {
				const [path, words] = faultWords[faults[0] ?? ''] ?? ['', m.logistics_field_wrong];
				return refuse(path, words(), 422);
			},
			not_allowed: () => error(403, m.ui_forbidden())
		});
	})
};
