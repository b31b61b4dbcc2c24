import { m } from '#lib/i18n/messages.ts';
import { exchangeLimit } from '#lib/calendar/exchange/file.ts';
import { prepareScheduleImport } from '#lib/calendar/server/imports.ts';
import { checkbox } from '#lib/forms/fields.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

const emptyFile = () => m.agenda_exchange_file_empty();
const schema = v.object({
	file: v.pipe(
		v.instance(File, emptyFile),
		v.check((file) => file.size > 0, emptyFile)
	),
	language: v.pipe(
		v.string(),
		v.regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/, () => m.agenda_exchange_language_missing())
	),
	level: v.picklist(['members', 'public'], () => m.agenda_fault_level()),
	state: v.picklist(['draft', 'confirmed'], () => m.agenda_fault_state()),
	rooms: checkbox(),
	headings: checkbox(),
	people: checkbox()
});

export const load: PageServerLoad = ({ locals }) => {
	const { summit } = locals;
	return { limit: exchangeLimit, languages: summit.languages.length > 0 ? summit.languages : ['en'] };
};

export const actions: Actions = {
	default: formAction(schema, async ({ file, ...choices }, { locals, params }) => {
		const { summit } = locals;
		const made = await prepareScheduleImport(locals.supabase, summit, file, choices);
		if ('fault' in made) return refuse('file', made.fault, 422);
		return `/${params.summit}/organise/agenda/exchange/${made.id}`;
	})
};
