import { byStatus } from '#lib/database/by-status.ts';
import { checkbox, id } from '#lib/forms/fields.ts';
import { parseForm } from '#lib/forms/parse.ts';
import { formAction, notFound } from '#lib/forms/server/action.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import {
	answerParticipation,
	myDebriefs,
	myParticipations,
	saveParticipationConsents
} from '#lib/speakers/server/participations.ts';
import { mySpeakerSeat, startSpeakerRegistration } from '#lib/speakers/server/seats.ts';
import { mySpeaking } from '#lib/speakers/server/work.ts';
import { error, fail, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

const which = v.object({ participation: id() });
const consents = v.object({
	participation: id(),
	live: checkbox(),
	record: checkbox(),
	publish: checkbox(),
	photo: checkbox()
});

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit } = locals;
	const [participations, principals, seat, debrief] = await Promise.all([
		myParticipations(locals.supabase, summit.id),
		mySpeaking(locals.supabase, summit.id),
		mySpeakerSeat(locals.supabase, summit.id),
		myDebriefs(locals.supabase, summit.id)
	]);
	const asked = url.searchParams.get('for');
	const principal = asked === null ? (principals[0] ?? null) : principals.find(({ id }) => id === asked);
	if (principal === undefined) error(404, m.ui_not_found());
	return {
		participations: participations.filter(({ person_id }) => person_id === principal?.id),
		principals,
		// Only speakers themselves see their seat.
		seat: principal?.is_own === false ? null : seat,
		principal,
		debrief,
		contacts: debrief ? summit.contacts.filter(({ kind }) => kind === 'wellbeing') : [],
		done: url.searchParams.get('done')
	};
};

export const actions: Actions = {
	accept: formAction('accept', which, async ({ participation }, { locals, params, url }) => {
		const status = await answerParticipation(locals.supabase, participation, true);
		const done = byStatus(status, {
			ok: () => 'accepted',
			already: () => 'accepted',
			declined: () => 'refused',
			cancelled: () => 'cancelled',
			not_found: notFound
		});
		const whom = url.searchParams.get('for');
		return `/${params.summit}/speak?done=${done}${whom ? `&for=${encodeURIComponent(whom)}` : ''}`;
	}),
	register: async ({ locals, params }) => {
		await startSpeakerRegistration(locals.supabase, locals.summit.id);
		redirect(303, href(`/${params.summit}/register`));
	},
	consents: async ({ locals, params, request }) => {
		const parsed = parseForm(await request.formData(), consents);
		if (!parsed.ok) return fail(422, { saved: null });
		const { participation, ...given } = parsed.output;
		const status = await saveParticipationConsents(locals.supabase, participation, given);
		return byStatus(status, {
			ok: () => ({ saved: participation }),
			declined: () => redirect(303, href(`/${params.summit}/speak?done=refused`)),
			not_found: notFound
		});
	}
};
