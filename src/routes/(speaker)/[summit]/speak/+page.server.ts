import { checkbox, id } from '#lib/forms/fields.ts';
import { parseForm } from '#lib/forms/parse.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import {
	answerParticipation,
	myParticipations,
	saveParticipationConsents
} from '#lib/speakers/server/participations.ts';
import { mySpeakerSeat, startSpeakerRegistration } from '#lib/speakers/server/seats.ts';
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
	if (!locals.summit) error(404);
	return {
		seat: await mySpeakerSeat(locals.supabase, locals.summit.id),
		participations: await myParticipations(locals.supabase, locals.summit.id),
		done: url.searchParams.get('done')
	};
};

export const actions: Actions = {
	accept: async ({ locals, params, request }) => {
		const parsed = parseForm(await request.formData(), which);
		if (!parsed.ok) error(404, m.shell_not_found());
		const status = await answerParticipation(locals.supabase, parsed.output.participation, true);
		if (status === 'not_found') error(404, m.shell_not_found());
		redirect(
			303,
			href(`/${params.summit}/speak?done=${status === 'ok' || status === 'already' ? 'accepted' : 'refused'}`)
		);
	},
	register: async ({ locals, params }) => {
		if (!locals.summit) error(404);
		await startSpeakerRegistration(locals.supabase, locals.summit.id);
		redirect(303, href(`/${params.summit}/register`));
	},
	consents: async ({ locals, request }) => {
		const parsed = parseForm(await request.formData(), consents);
		if (!parsed.ok) return fail(422, { saved: null });
		const { participation, ...given } = parsed.output;
		const status = await saveParticipationConsents(locals.supabase, participation, given);
		if (status !== 'ok') error(404, m.shell_not_found());
		return { saved: participation };
	}
};
