import { byStatus } from '#lib/database/by-status.ts';
import { optionalLines, wholeNumber } from '#lib/forms/fields.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { needStates } from '#lib/logistics/needs.ts';
import { readNeed, saveNeed } from '#lib/logistics/server/needs.ts';
import { countryName } from '#lib/members/countries.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

const isId = (value: string) => v.is(v.pipe(v.string(), v.uuid()), value);

export const load: PageServerLoad = async ({ locals, params, url, setHeaders }) => {
	const { summit, supabase } = locals;
	const need = isId(params.need) ? await readNeed(supabase, summit.id, params.need, countryName) : null;
	if (!need) error(404, m.ui_not_found());
	setHeaders({ 'cache-control': 'no-store' });
	return { need, isSaved: url.searchParams.get('done') === 'saved' };
};

const schema = v.object({
	version: wholeNumber(0),
	state: v.picklist(needStates),
	assignee: v.optional(v.union([v.literal(''), v.pipe(v.string(), v.uuid())]), ''),
	note: optionalLines(1000)
});

export const actions: Actions = {
	default: formAction(schema, async ({ assignee, ...changes }, { locals, params }) => {
		const { summit, supabase } = locals;
		if (!isId(params.need)) error(404, m.ui_not_found());
		const status = await saveNeed(supabase, summit.id, params.need, { ...changes, assignee: assignee || null });
		return byStatus(status, {
			ok: () => `/${params.summit}/organise/needs/${params.need}?done=saved`,
			conflict: () => refuse('', m.logistics_need_conflict()),
			note_needed: () => refuse('note', m.logistics_need_note_needed(), 422),
			invalid: () => refuse('', m.ui_form_wrong(), 422),
			not_found: () => refuse('', m.logistics_need_gone())
		});
	})
};
