import { addDefaultFields, readLogisticsOverview, retireLogisticsField } from '#lib/logistics/server/overview.ts';
import { id } from '#lib/forms/fields.ts';
import { parseForm } from '#lib/forms/parse.ts';
import { m } from '#lib/i18n/messages.ts';
import { error, fail } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit, supabase } = locals;
	const overview = await readLogisticsOverview(supabase, summit.id);
	if (!overview) error(403, m.shell_forbidden());
	return {
		fields: overview.fields,
		mayChange: overview.may_change,
		done: url.searchParams.get('done') === 'saved' ? 'The question is saved.' : null
	};
};

export const actions: Actions = {
	usual: async ({ locals }) => {
		const { summit, supabase } = locals;
		const overview = await readLogisticsOverview(supabase, summit.id);
		if (!overview?.may_change) error(403, m.shell_forbidden());
		const added = await addDefaultFields(supabase, summit.id, overview.fields);
		return { done: added === 0 ? 'They are all there already.' : `${added} questions are added.` };
	},
	retire: async ({ locals, request }) => {
		const { summit, supabase } = locals;
		const parsed = parseForm(await request.formData(), v.object({ field: id() }), 'retire');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const status = await retireLogisticsField(supabase, summit.id, parsed.output.field);
		return { done: status === 'ok' ? 'No longer asked; what was answered is erased.' : 'It was gone already.' };
	}
};
