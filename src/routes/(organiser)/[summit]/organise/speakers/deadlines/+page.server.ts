import { byStatus } from '#lib/database/by-status.ts';
import { wholeNumber } from '#lib/forms/fields.ts';
import { formAction, FormRefusal, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { readSpeakerSettings, saveSpeakerSettings } from '#lib/speakers/server/desk.ts';
import { moment } from '#lib/summits/general-form.ts';
import { withLateDeadlines } from '#lib/summits/late.ts';
import { instantOf, localTimeOf } from '#lib/summits/local-time.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

const moments = ['profile_due_at', 'texts_due_at', 'availability_due_at', 'check_due_at'] as const;
const schema = v.object({
	profile_due_at: moment,
	texts_due_at: moment,
	availability_due_at: moment,
	check_due_at: moment,
	first_reminder_days: wholeNumber(2, 90),
	last_reminder_days: wholeNumber(1, 30),
	questions_per_person: wholeNumber(0, 20)
});

async function requireSettings(locals: App.Locals) {
	const { summit } = locals;
	return { summit, settings: (await readSpeakerSettings(locals.supabase, summit.id)) ?? error(404) };
}

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit, settings } = await requireSettings(locals);
	const walls = Object.fromEntries(moments.map((name) => [name, localTimeOf(settings[name], summit.zone)]));
	return { walls, settings, zone: summit.zone, saved: url.searchParams.has('saved') };
};

export const actions: Actions = {
	default: formAction(schema, async (input, { locals, params }, form) => {
		const { summit } = await requireSettings(locals);
		const { first_reminder_days, last_reminder_days, questions_per_person } = input;
		if (last_reminder_days >= first_reminder_days)
			return refuse('last_reminder_days', m.speakers_deadlines_order(), 422);
		const at = (name: (typeof moments)[number]) => instantOf(input[name], summit.zone);
		const deadlines = {
			profile_due_at: at('profile_due_at'),
			texts_due_at: at('texts_due_at'),
			availability_due_at: at('availability_due_at'),
			check_due_at: at('check_due_at')
		};
		const status = await saveSpeakerSettings(locals.supabase, summit.id, {
			...deadlines,
			first_reminder_days,
			last_reminder_days,
			questions_per_person
		});
		const notSaved = () => refuse('', m.speakers_deadlines_not_saved());
		return byStatus(status, {
			ok: () => `/${params.summit}/organise/speakers/deadlines?saved`,
			late: () => new FormRefusal(withLateDeadlines(form, deadlines, summit).issues, 422),
			invalid: notSaved,
			not_allowed: notSaved
		});
	})
};
