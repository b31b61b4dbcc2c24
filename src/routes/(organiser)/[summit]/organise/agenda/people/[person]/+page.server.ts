import { pairsOf } from '#lib/agenda/checks/facts.ts';
import { spanEntries, spanRows, spansFrom } from '#lib/agenda/checks/spans-form.ts';
import { readPeopleFacts, savePersonFacts } from '#lib/agenda/server/checks.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { optionalText } from '#lib/forms/fields.ts';
import { withIssue } from '#lib/forms/parse.ts';
import { formAction, FormRefusal, notFound, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { isZone } from '#lib/i18n/zone.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

async function requirePerson(locals: App.Locals, params: { person: string }) {
	const { summit } = locals;
	const people = (await readPeopleFacts(locals.supabase, summit.id)) ?? [];
	return { summit, person: people.find(({ person }) => person === params.person) ?? error(404, m.ui_not_found()) };
}

export const load: PageServerLoad = async ({ locals, params }) => {
	const { person } = await requirePerson(locals, params);
	return { person };
};

async function factsForm({ locals, params }: RequestEvent) {
	const { summit, person } = await requirePerson(locals, params);
	const rows = spanRows(person.during);
	return {
		summit,
		person,
		rows,
		schema: v.object({ zone: optionalText(60), pairs: optionalText(400), ...spanEntries(rows) })
	};
}

export const actions: Actions = {
	default: formAction(factsForm, async (given: Record<string, string>, { locals, params }, shown, known) => {
		const { summit, person, rows } = known;
		let form = shown;
		const zone = given['zone'] || null;
		if (zone !== null && !isZone(zone)) form = withIssue(form, 'zone', m.ui_form_zone());
		const pairs = pairsOf(given['pairs'] ?? '');
		if (!pairs) form = withIssue(form, 'pairs', m.agenda_facts_pairs_wrong());
		const words = { from: m.agenda_facts_from_missing(), until: m.agenda_fault_end() };
		const { during, form: checked } = spansFrom(given, form, { rows, zone: summit.zone, words });
		form = checked;
		if (form.issues.length > 0 || !pairs) return new FormRefusal(form.issues, 422);
		const status = await savePersonFacts(locals.supabase, summit.id, { person: person.person, zone, during, pairs });
		return byStatus(status, {
			ok: () => `/${params.summit}/organise/agenda/people`,
			invalid: () => refuse('', m.agenda_not_saved()),
			not_allowed: notFound
		});
	})
};
