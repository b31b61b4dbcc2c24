import { wholeNumber } from '#lib/forms/fields.ts';
import { parseForm, withIssue } from '#lib/forms/parse.ts';
import { href } from '#lib/i18n/locale.ts';
import { readSpeakerSettings, saveSpeakerSettings } from '#lib/speakers/server/desk.ts';
import { moment } from '#lib/summits/general-form.ts';
import { withLateDeadlines } from '#lib/summits/late.ts';
import { instantOf, localTimeOf } from '#lib/summits/local-time.ts';
import { error, fail, redirect } from '@sveltejs/kit';
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
	default: async ({ locals, params, request }) => {
		const { summit } = await requireSettings(locals);
		const parsed = parseForm(await request.formData(), schema);
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const { first_reminder_days, last_reminder_days, questions_per_person } = parsed.output;
		if (last_reminder_days >= first_reminder_days)
			return fail(422, {
				form: withIssue(parsed.form, 'last_reminder_days', 'The second reminder comes after the first.')
			});
		const at = (name: (typeof moments)[number]) => instantOf(parsed.output[name], summit.zone);
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
		if (status === 'late') return fail(422, { form: withLateDeadlines(parsed.form, deadlines, summit) });
		if (status !== 'ok') return fail(409, { form: withIssue(parsed.form, '', 'This could not be saved.') });
		redirect(303, href(`/${params.summit}/organise/speakers/deadlines?saved`));
	}
};
