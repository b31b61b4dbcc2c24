import { pairsOf } from '#lib/agenda/checks/facts.ts';
import { spanEntries, spanRows, spansFrom } from '#lib/agenda/checks/spans-form.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { optionalText, timeZone } from '#lib/forms/fields.ts';
import { withIssue } from '#lib/forms/parse.ts';
import { formAction, FormRefusal, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { readAvailability, saveAvailability } from '#lib/speakers/server/availability.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import { whose } from '../principal.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

async function requireAvailability(locals: App.Locals, url: URL) {
	const found = await whose(locals, url);
	const availability = await readAvailability(locals.supabase, found.summit.id, found.principal.id);
	return { ...found, availability: availability ?? error(404, m.ui_not_found()) };
}

export const load: PageServerLoad = async ({ locals, url }) => {
	const { principal, principals, availability } = await requireAvailability(locals, url);
	return {
		principal,
		principals,
		availability,
		zones: Intl.supportedValuesOf('timeZone'),
		saved: url.searchParams.has('saved')
	};
};

async function availabilityForm({ locals, url }: RequestEvent) {
	const { summit, principal, availability } = await requireAvailability(locals, url);
	const rows = spanRows(availability.during);
	const zone = v.optional(
		v.union([v.literal(''), timeZone()], () => m.ui_form_zone()),
		''
	);
	return { summit, principal, rows, schema: v.object({ zone, pairs: optionalText(400), ...spanEntries(rows) }) };
}

export const actions: Actions = {
	default: formAction(availabilityForm, async (given: Record<string, string>, { locals, params }, shown, known) => {
		const { summit, principal, rows } = known;
		const words = { from: m.speakers_when_from_wrong(), until: m.speakers_when_until_wrong() };
		const spans = spansFrom(given, shown, { rows, zone: summit.zone, words });
		let { form } = spans;
		const pairs = principal.interprets ? pairsOf(given['pairs'] ?? '') : null;
		if (principal.interprets && !pairs) form = withIssue(form, 'pairs', m.speakers_when_pairs_wrong());
		if (form.issues.length > 0) return new FormRefusal(form.issues, 422);
		const facts = { zone: given['zone'] || null, during: spans.during, pairs };
		const status = await saveAvailability(locals.supabase, summit.id, principal.id, facts);
		const notSaved = () => refuse('', m.speakers_not_saved());
		return byStatus(status, {
			ok: () => `/${params.summit}/speak/availability?saved${principal.is_own ? '' : `&for=${principal.id}`}`,
			invalid: notSaved,
			not_allowed: notSaved
		});
	})
};
