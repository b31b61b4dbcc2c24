import { pairsOf } from '#lib/agenda/checks/facts.ts';
import { readPeopleFacts, savePersonFacts } from '#lib/agenda/server/checks.ts';
import { optionalText } from '#lib/forms/fields.ts';
import { parseForm, withIssue } from '#lib/forms/parse.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { isZone } from '#lib/i18n/time.ts';
import { instantOf } from '#lib/summits/wall.ts';
import { error, fail, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

async function standing(locals: App.Locals, params: { person: string }) {
	const summit = locals.summit ?? error(404);
	const people = (await readPeopleFacts(locals.supabase, summit.id)) ?? [];
	return { summit, person: people.find(({ person }) => person === params.person) ?? error(404, m.shell_not_found()) };
}

export const load: PageServerLoad = async ({ locals, params }) => {
	const { person } = await standing(locals, params);
	return { person };
};

export const actions: Actions = {
	default: async ({ locals, params, request }) => {
		const { summit, person } = await standing(locals, params);
		const rows = Math.min(person.during.length + 2, 60);
		const times = Array.from({ length: rows }, (_, at) => [`from.${at}`, `until.${at}`]).flat();
		const entries = Object.fromEntries(times.map((name) => [name, optionalText(30)]));
		const schema = v.object({ zone: optionalText(60), pairs: optionalText(400), ...entries });
		const parsed = parseForm(await request.formData(), schema);
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const given = parsed.output as Record<string, string>;
		let form = parsed.form;
		const zone = given['zone'] || null;
		if (zone !== null && !isZone(zone)) form = withIssue(form, 'zone', m.shell_form_zone());
		const pairs = pairsOf(given['pairs'] ?? '');
		if (!pairs) form = withIssue(form, 'pairs', 'Write pairs of codes, as en-fr, en-ar.');
		const during: { start: string; end: string }[] = [];
		for (let at = 0; at < rows; at += 1) {
			const [from = '', until = ''] = [given[`from.${at}`], given[`until.${at}`]];
			if (from === '' && until === '') continue;
			const [start, end] = [from, until].map((wall) => instantOf(wall, summit.zone));
			if (!start) form = withIssue(form, `from.${at}`, 'Say from when.');
			else if (!end || end <= start) form = withIssue(form, `until.${at}`, 'It must end after it begins.');
			else during.push({ start, end });
		}
		if (form.issues.length > 0 || !pairs) return fail(422, { form });
		const status = await savePersonFacts(locals.supabase, summit.id, { person: person.person, zone, during, pairs });
		if (status !== 'ok') return fail(409, { form: withIssue(form, '', 'This could not be saved.') });
		redirect(303, href(`/${params.summit}/organise/agenda/people`));
	}
};
