import { listOf } from '#lib/summits/lists.ts';
import { moveRow, readListRows } from '#lib/summits/server/lists.ts';
import { readSummitSettings } from '#lib/summits/server/settings.ts';
import { formAction } from '#lib/forms/server/action.ts';
import { id } from '#lib/forms/fields.ts';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
	const list = listOf(params.list);
	const { id } = await readSummitSettings(locals.supabase, params.summit);
	return { rows: await readListRows(locals.supabase, list, id) };
};

const schema = v.object({ id: id(), by: v.picklist(['up', 'down']) });

export const actions: Actions = {
	move: formAction(schema, async ({ id, by }, { locals, params }) => {
		const list = listOf(params.list);
		const summit = await readSummitSettings(locals.supabase, params.summit);
		await moveRow(locals.supabase, list, summit.id, id, by === 'up' ? -1 : 1);
		return `/${params.summit}/organise/settings/${params.list}`;
	})
};
