import { byStatus } from '#lib/database/by-status.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { isSent, prospectOf, type Mode } from '#lib/registration/registration.ts';
import {
	joinQueue,
	myRegistration,
	quoteSwitch,
	seatsLeft,
	switchMode
} from '#lib/registration/server/registrations.ts';
import { givesSeats } from '#lib/summits/registration-window.ts';
import { redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

// The mode that the page offered: a second click must not switch back.
const answers = v.object({ mode: v.picklist(['in_person', 'virtual']), act: v.picklist(['switch', 'queue']) });

async function requireRegistration(locals: App.Locals, slug: string) {
	const registration = await myRegistration(locals.supabase, locals.summit.id);
	if (!registration || !isSent(registration.state) || !givesSeats(locals.summit, Date.now()))
		redirect(303, href(`/${slug}/me`));
	return { registration, summit: locals.summit, supabase: locals.supabase };
}

export const load: PageServerLoad = async ({ locals, params }) => {
	const { registration, summit, supabase } = await requireRegistration(locals, params.summit);
	const mode: Mode = registration.mode === 'in_person' ? 'virtual' : 'in_person';
	const [left, quote] = await Promise.all([
		seatsLeft(supabase, summit.id, registration.member?.id ?? null),
		quoteSwitch(supabase, registration.id, mode)
	]);
	const seats = left.find((each) => each.mode === mode);
	return { registration, mode, quote, seats: seats ?? null, prospect: seats ? prospectOf(seats) : 'never' };
};

export const actions: Actions = {
	default: formAction(answers, async ({ mode, act }, { locals, params }) => {
		const { registration, supabase } = await requireRegistration(locals, params.summit);
		const back = (done: string) => redirect(303, href(`/${params.summit}/me?done=${done}`));
		if (registration.mode === mode) return back(mode);
		const refused = { wrong_state: () => refuse('', m.registration_switch_refused()), not_found: notFound };
		if (act === 'queue') {
			const queued = () => back('queued');
			return byStatus(await joinQueue(supabase, registration.id, mode), {
				...refused,
				queued,
				offered: queued,
				already: queued
			});
		}
		return byStatus(await switchMode(supabase, registration.id, mode), {
			...refused,
			ok: () => back(mode),
			already: () => back(mode),
			awaiting_payment: () => back('payment'),
			payment_due: () => back('payment'),
			no_seat: () => refuse('', m.registration_switch_no_seat())
		});
	})
};
