import { m } from '#lib/i18n/messages.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { importedRowsLimit } from '#lib/imports/registrations.ts';
import { prepareImport } from '#lib/imports/server/imports.ts';
import { storedAnswer } from '#lib/logistics/server/logistics.ts';
import { countryOf } from '#lib/members/server/import-rows.ts';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

const emptyFile = () => m.agenda_exchange_file_empty();
const schema = v.object({
	file: v.pipe(
		v.instance(File, emptyFile),
		v.check((file) => file.size > 0, emptyFile)
	)
});

export const load: PageServerLoad = () => ({ limit: importedRowsLimit });

export const actions: Actions = {
	default: formAction(schema, async ({ file }, { locals, params }) => {
		const made = await prepareImport(locals.supabase, locals.summit.id, file, { countryOf, storedAnswer });
		if ('fault' in made) return refuse('file', made.fault, 422);
		return `/${params.summit}/organise/imports/${made.id}`;
	})
};
