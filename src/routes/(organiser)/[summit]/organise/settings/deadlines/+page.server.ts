import { formAction, FormRefusal } from '#lib/forms/server/action.ts';
import { deadlineSchema, deadlinesFrom, withFaults } from '#lib/summits/general-form.ts';
import { readSummitSettings, saveSummit } from '#lib/summits/server/settings.ts';
import { localTimeOf } from '#lib/summits/local-time.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
	const settings = await readSummitSettings(locals.supabase, params.summit);
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
	default: formAction(deadlineSchema, async (input, { locals, params }, form) => {
		const { id, zone } = await readSummitSettings(locals.supabase, params.summit);
		const saved = await saveSummit(locals.supabase, id, deadlinesFrom(input, zone));
		if (saved.status !== 'ok') return new FormRefusal(withFaults(form, saved).issues, 422);
		return `/${params.summit}/organise/settings/deadlines?done=saved`;
	})
};
