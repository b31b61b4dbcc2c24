import { m } from '#lib/i18n/messages.ts';
import { codes, checkLimits, severities } from '#lib/agenda/checks/checks.ts';
import { readCheckSettings, saveCheckSettings } from '#lib/agenda/server/checks.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { wholeNumber } from '#lib/forms/fields.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	const { summit } = locals;
	return { settings: (await readCheckSettings(locals.supabase, summit.id)) ?? error(404) };
};

const clock = v.pipe(
	v.string(),
	v.regex(/^([01]\d|2[0-3]):[0-5]\d/, () => m.agenda_checks_settings_time_wrong())
);
const schema = v.object({
	...Object.fromEntries(
		codes.map((code) => [code, v.picklist(severities, () => m.agenda_checks_settings_severity_missing())])
	),
	floor_minutes: wholeNumber(0, 120),
	building_minutes: wholeNumber(0, 240),
	turn_minutes: wholeNumber(10, 720),
	day_minutes: wholeNumber(10, 1440),
	track_limit: wholeNumber(1, 50),
	daytime_from: clock,
	daytime_until: clock
});

export const actions: Actions = {
	default: formAction(schema, async (input, { locals, params }) => {
		const { summit } = locals;
		const given = input as Record<string, string | number>;
		if (
			given['daytime_until'] !== undefined &&
			given['daytime_from'] !== undefined &&
			given['daytime_until'] <= given['daytime_from']
		)
			return refuse('daytime_until', m.agenda_checks_settings_order(), 422);
		const named = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, given[name]]));
		const status = await saveCheckSettings(locals.supabase, summit.id, {
			severities: named(codes) as Record<string, string>,
			limits: named([...checkLimits, 'daytime_from', 'daytime_until'])
		});
		const notSaved = () => refuse('', m.agenda_not_saved());
		return byStatus(status, {
			ok: () => `/${params.summit}/organise/agenda/checks`,
			invalid: notSaved,
			not_allowed: notSaved
		});
	})
};
