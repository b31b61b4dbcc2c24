import { pairsOf } from '#lib/agenda/checks/facts.ts';
import { spanEntries, spanRows, spansFrom } from '#lib/agenda/checks/spans-form.ts';
import { readPeopleFacts, savePersonFacts } from '#lib/agenda/server/checks.ts';
import { optionalText } from '#lib/forms/fields.ts';
import { parseForm, withIssue } from '#lib/forms/parse.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { isZone } from '#lib/i18n/time.ts';
import { error, fail, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

async function requirePerson(locals: App.Locals, params: { person: string }) {
	const { summit } = locals;
	const people = (await readPeopleFacts(locals.supabase, summit.id)) ?? [];
	return { summit, person: people.find(({ person }) => person === params.person) ?? error(404, m.ui_not_found()) };
}

export const load: PageServerLoad = async ({ locals, params }) => {
	const { person } = await requirePerson(locals, params);
	return { person };
};

export const actions: Actions = {
	default: async ({ locals, params, request }) => {
		const { summit, person } = await requirePerson(locals, params);
		const rows = spanRows(person.during);
		const schema = v.object({ zone: optionalText(60), pairs: optionalText(400), ...spanEntries(rows) });
		const parsed = parseForm(await request.formData(), schema);
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const given = parsed.output as Record<string, string>;
		let form = parsed.form;
		const zone = given['zone'] || null;
		if (zone !== null && !isZone(zone)) form = withIssue(form, 'zone', m.ui_form_zone());
		const pairs = pairsOf(given['pairs'] ?? '');
		if (!pairs) form = withIssue(form, 'pairs', 'Write pairs of codes, as en-fr, en-ar.');
		const words = { from: 'Say from when.', until: 'It must end after it begins.' };
		const { during, form: checked } = spansFrom(given, form, { rows, zone: summit.zone, words });
		form = checked;
		if (form.issues.length > 0 || !pairs) return fail(422, { form });
		const status = await savePersonFacts(locals.supabase, summit.id, { person: person.person, zone, during, pairs });
		if (status !== 'ok') return fail(409, { form: withIssue(form, '', 'This could not be saved.') });
		redirect(303, href(`/${params.summit}/organise/agenda/people`));
	}
};
