import { byStatus } from '#lib/database/by-status.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { rowFrom, rowSchema } from '#lib/summits/list-form.ts';
import { listOf, type ListName } from '#lib/summits/lists.ts';
import { forgetSummits } from '#lib/summits/server/cache.ts';
import { readListRows, removeRow, saveRow } from '#lib/summits/server/lists.ts';
import { readSummitSettings } from '#lib/summits/server/settings.ts';
import { error, fail, redirect } from '@sveltejs/kit';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

async function requireRow(locals: App.Locals, params: { summit: string; list: ListName; row: string }) {
	const list = listOf(params.list);
	const settings = await readSummitSettings(locals.supabase, params.summit);
	const rows = params.row === 'new' ? [] : await readListRows(locals.supabase, list, settings.id);
	const row = rows.find(({ id }) => id === params.row) ?? null;
	if (!row && params.row !== 'new') error(404);
	return { list, row, summit: settings.id, languages: settings.languages };
}

export const load: PageServerLoad = async ({ locals, params }) => {
	const { row, languages } = await requireRow(locals, params);
	return { row, languages };
};

async function rowForm({ locals, params }: RequestEvent) {
	const known = await requireRow(locals, params);
	return { ...known, schema: rowSchema(known.list, known.row, known.languages) };
}

export const actions: Actions = {
	save: formAction(rowForm, async (input, { locals, params }, _, { list, row, summit, languages }) => {
		const written = rowFrom(list, input, row, languages);
		const refused = () => refuse('', m.summits_list_refused({ list: params.list }));
		return byStatus(await saveRow(locals.supabase, list, summit, row?.id ?? null, written), {
			ok: () => {
				forgetSummits();
				return `/${params.summit}/organise/settings/${params.list}?done=${row ? 'saved' : 'added'}`;
			},
			taken: () => {
				const field = list.fields.find(({ kind }) => kind === 'slug' || kind === 'key')?.name ?? '';
				return refuse(field, m.summits_list_taken({ list: params.list }));
			},
			invalid: refused,
			unknown: refused,
			not_allowed: notFound
		});
	}),
	remove: async ({ locals, params }) => {
		const { list, row, summit } = await requireRow(locals, params);
		const outcome = row ? await removeRow(locals.supabase, list, summit, row.id) : 'ok';
		if (outcome === 'in_use') {
			const message = m.summits_list_in_use();
			return fail(409, { form: { name: 'remove', values: {}, issues: [{ path: '', message }] } });
		}
		forgetSummits();
		redirect(303, href(`/${params.summit}/organise/settings/${params.list}?done=removed`));
	}
};
