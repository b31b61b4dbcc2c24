import { href } from '#lib/i18n/locale.ts';
import { myRegistration, seatsLeft } from '#lib/registration/server/registrations.ts';
import { isSent } from '#lib/registration/registration.ts';
import { mySpeakerSeat } from '#lib/speakers/server/seats.ts';
import { registrationOpen } from '#lib/summits/registration-window.ts';
import { redirect } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
	const { summit, supabase } = locals;
	const registration = await myRegistration(supabase, summit.id);
	if (registration && isSent(registration.state)) redirect(303, href(`/${params.summit}/me`));
	const now = Date.now();
	const open = registrationOpen(summit, now) || ((await mySpeakerSeat(supabase, summit.id))?.late ?? false);
	return {
		draft: registration?.state === 'draft' ? { step: registration.form_step, savedAt: registration.updated_at } : null,
		open,
		before: summit.registration_opens_at === null || Date.parse(summit.registration_opens_at) > now,
		seats: await seatsLeft(supabase, summit.id)
	};
};
