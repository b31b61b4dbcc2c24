import { href } from '#lib/i18n/locale.ts';
import { listOf } from '#lib/summits/lists.ts';
import { moveRow, readRows } from '#lib/summits/server/lists.ts';
import { readSettings } from '#lib/summits/server/settings.ts';
import { parseForm } from '#lib/forms/parse.ts';
import { id } from '#lib/forms/fields.ts';
import { error, fail, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
	const list = listOf(params.list) ?? error(404);
	const { id, currency } = await readSettings(locals.supabase, params.summit);
	return { list, currency, rows: await readRows(locals.supabase, list, id) };
};

const schema = v.object({ id: id(), by: v.picklist(['up', 'down']) });

export const actions: Actions = {
	move: async ({ locals, params, request }) => {
		const list = listOf(params.list) ?? error(404);
		const summit = await readSettings(locals.supabase, params.summit);
		const parsed = parseForm(await request.formData(), schema);
		if (!parsed.ok) return fail(422, { form: parsed.form });
		await moveRow(locals.supabase, list, summit.id, parsed.output.id, parsed.output.by === 'up' ? -1 : 1);
		redirect(303, href(`/${params.summit}/organise/settings/${params.list}`));
	}
};
