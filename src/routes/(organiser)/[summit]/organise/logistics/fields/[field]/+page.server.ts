import { byStatus } from '#lib/database/by-status.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { choicesTexts } from '#lib/logistics/choices.ts';
import { fieldFrom, fieldSchema, promiseWords } from '#lib/logistics/field-form.ts';
import { fieldKinds, questionForms } from '#lib/logistics/logistics.ts';
import { readLogisticsOverview, saveLogisticsField } from '#lib/logistics/server/overview.ts';
import { tagsFor } from '#lib/summits/written.ts';
import { error } from '@sveltejs/kit';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

async function placeOf(locals: App.Locals, id: string) {
	const { summit, supabase } = locals;
	const overview = await readLogisticsOverview(supabase, summit.id);
	if (!overview?.may_change) error(403, m.ui_forbidden());
	const field = overview.fields.find((one) => one.id === id) ?? null;
	if (!field && id !== 'new') error(404, m.ui_not_found());
	const others = overview.fields.filter((one) => one.id !== id);
	const tags = [...new Set([...tagsFor(summit.languages, field?.label), ...tagsFor(summit.languages, field?.purpose)])];
	return { summit, supabase, field, others, tags };
}

export const load: PageServerLoad = async ({ locals, params, url }) => {
	const { summit, field, others, tags } = await placeOf(locals, params.field);
	const form = field?.form ?? questionForms.find((one) => one === url.searchParams.get('form')) ?? 'logistics';
	return {
		field,
		others,
		tags,
		form,
		kind: field?.kind ?? fieldKinds.find((one) => one === url.searchParams.get('kind')) ?? null,
		next: Math.max(0, ...others.filter((one) => one.form === form).map(({ position }) => position)) + 1,
		languages: summit.languages,
		endsOn: summit.ends_on,
		choices: choicesTexts(field?.choices ?? [])
	};
};

const faultWords: Record<string, [field: string, words: () => string]> = {
	choices: ['choices', m.logistics_choices_few],
	visible_to: ['visible_to[]', m.logistics_readers_wrong],
	depends_on: ['condition[]', m.logistics_condition_wrong],
	team: ['team', m.logistics_need_team_wrong],
	in_mail: ['in_mail', m.logistics_field_in_mail_sealed],
	key: ['key', m.logistics_key_wrong]
};

async function fieldForm({ locals, params }: RequestEvent, data: FormData) {
	const known = await placeOf(locals, params['field'] ?? '');
	if (known.field) data.set('key', known.field.key);
	return { ...known, schema: fieldSchema(known.tags) };
}

export const actions: Actions = {
	default: formAction(fieldForm, async (output, { params }, _, { summit, supabase, others, tags }) => {
		const choicesName = `choices.${tags[0] ?? 'en'}`;
		const read = fieldFrom(
			output,
			tags,
			others.map(({ key }) => key)
		);
		if (read === 'choices') return refuse(choicesName, m.logistics_choices_wrong(), 422);
		if (read === 'condition') return refuse('condition[]', m.logistics_condition_several(), 422);
		const saved = await saveLogisticsField(supabase, summit.id, read);
		return byStatus(saved, {
			ok: () => `/${params.summit}/organise/logistics/fields?done=saved`,
			promised: ({ faults }) => refuse('', promiseWords(faults)),
			conflict: () => refuse('', m.logistics_field_conflict()),
			invalid: ({ faults }) => {
				const [path, words] = faultWords[faults[0] ?? ''] ?? ['', m.logistics_field_wrong];
				return refuse(path === 'choices' ? choicesName : path, words(), 422);
			},
			not_allowed: () => error(403, m.ui_forbidden())
		});
	})
};
