import { parseForm } from '#lib/forms/parse.ts';
import { href } from '#lib/i18n/locale.ts';
import { deadlineSchema, deadlinesFrom, withFaults } from '#lib/summits/general-form.ts';
import { readSettings, saveSummit } from '#lib/summits/server/settings.ts';
import { localTimeOf } from '#lib/summits/local-time.ts';
import { fail, redirect } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
	const settings = await readSettings(locals.supabase, params.summit);
	const { zone, review_days, payment_days, offer_hours, refund_percent } = settings;
	const wall = (at: string | null) => localTimeOf(at, zone);
	return {
		zone,
		kept: {
			registration_opens_at: wall(settings.registration_opens_at),
			registration_closes_at: wall(settings.registration_closes_at),
			nominations_close_at: wall(settings.nominations_close_at),
			names_freeze_at: wall(settings.names_freeze_at),
			logistics_due_at: wall(settings.logistics_due_at),
			refund_until: wall(settings.refund_until),
			review_days: String(review_days),
			payment_days: String(payment_days),
			offer_hours: String(offer_hours),
			refund_percent: String(refund_percent)
		}
	};
};

export const actions: Actions = {
	default: async ({ locals, params, request }) => {
		const { id, zone } = await readSettings(locals.supabase, params.summit);
		const parsed = parseForm(await request.formData(), deadlineSchema);
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const saved = await saveSummit(locals.supabase, id, deadlinesFrom(parsed.output, zone));
		if (saved.status !== 'ok') return fail(422, { form: withFaults(parsed.form, saved) });
		redirect(303, href(`/${params.summit}/organise/settings/deadlines?done=saved`));
	}
};
