import { formAction, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { contactsFrom, contactsSchema } from '#lib/summits/contact-form.ts';
import { lists } from '#lib/summits/lists.ts';
import { forgetSummits } from '#lib/summits/server/cache.ts';
import { readListRows, saveRow } from '#lib/summits/server/lists.ts';
import { setupPath } from '#lib/summits/setup.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

export const load: PageServerLoad = async ({ locals }) => ({
	rows: await readListRows(locals.supabase, lists.contacts, locals.summit.id),
	languages: locals.summit.languages
});

async function contactsForm({ locals }: RequestEvent) {
	const { id, languages } = locals.summit;
	const rows = await readListRows(locals.supabase, lists.contacts, id);
	return { rows, languages, schema: contactsSchema(rows, languages) };
}

export const actions: Actions = {
	default: formAction(contactsForm, async (input, { locals, params }, _, { rows, languages }) => {
		for (const { id, fields } of contactsFrom(input, rows, languages)) {
			const status = await saveRow(locals.supabase, lists.contacts, locals.summit.id, id, fields);
			if (status !== 'ok') return refuse(`${String(fields['kind'])}.mail`, m.summits_fault_unfit(), 422);
		}
		forgetSummits();
		return setupPath(params.summit, 'texts');
	})
};
