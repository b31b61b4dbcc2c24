import { parseForm, withIssue } from '#lib/forms/parse.ts';
import { href } from '#lib/i18n/locale.ts';
import { rowFrom, rowSchema } from '#lib/summits/list-form.ts';
import { currencyOf } from '#lib/summits/list-words.ts';
import { listOf } from '#lib/summits/lists.ts';
import { forgetSummits } from '#lib/summits/server/cache.ts';
import { readListRows, removeRow, saveRow } from '#lib/summits/server/lists.ts';
import { readSummitSettings } from '#lib/summits/server/settings.ts';
import { error, fail, redirect } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

async function requireRow(locals: App.Locals, params: { summit: string; list: string; row: string }) {
	const list = listOf(params.list) ?? error(404);
	const settings = await readSummitSettings(locals.supabase, params.summit);
	const rows = params.row === 'new' ? [] : await readListRows(locals.supabase, list, settings.id);
	const row = rows.find(({ id }) => id === params.row) ?? null;
	if (!row && params.row !== 'new') error(404);
	const place = { languages: settings.languages, currency: currencyOf(row, settings.currency) };
	return { list, row, summit: settings.id, place };
}

export const load: PageServerLoad = async ({ locals, params }) => {
	const { list, row, place } = await requireRow(locals, params);
	return { list, row, place };
};

export const actions: Actions = {
	save: async ({ locals, params, request }) => {
		const { list, row, summit, place } = await requireRow(locals, params);
		const parsed = parseForm(await request.formData(), rowSchema(list, row, place));
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const written = rowFrom(list, parsed.output, row, place);
		const outcome = await saveRow(locals.supabase, list, summit, row?.id ?? null, written);
		if (outcome !== 'ok') {
			const field = list.fields.find(({ kind }) => kind === 'slug' || kind === 'key')?.name ?? '';
			const message =
				outcome === 'taken'
					? `There is a ${list.one} like this already.`
					: `The ${list.one} could not be saved like this.`;
			return fail(409, { form: withIssue(parsed.form, outcome === 'taken' ? field : '', message) });
		}
		forgetSummits();
		redirect(303, href(`/${params.summit}/organise/settings/${params.list}?done=${row ? 'saved' : 'added'}`));
	},
	remove: async ({ locals, params }) => {
		const { list, row, summit } = await requireRow(locals, params);
		const outcome = row ? await removeRow(locals.supabase, list, summit, row.id) : 'ok';
		if (outcome === 'in_use') {
			const message = `It is in use and was not removed. Take it out of the agenda first.`;
			return fail(409, { form: { name: 'remove', values: {}, issues: [{ path: '', message }] } });
		}
		forgetSummits();
		redirect(303, href(`/${params.summit}/organise/settings/${params.list}?done=removed`));
	}
};
