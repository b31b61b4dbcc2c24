import { parseForm } from '#lib/forms/parse.ts';
import { id } from '#lib/forms/fields.ts';
import { href } from '#lib/i18n/locale.ts';
import { answerOffer, myRegistration } from '#lib/registration/server/registrations.ts';
import { nextSessions } from '#lib/registration/server/next-sessions.ts';
import { registrationOpen } from '#lib/summits/summit.ts';
import { error, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

const answers = v.object({ entry: id(), answer: v.picklist(['accept', 'decline']) });

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit, supabase, viewer } = locals;
	if (!summit) error(404);
	const now = Date.now();
	const [registration, next] = await Promise.all([
		myRegistration(supabase, summit.id),
		viewer?.personId ? nextSessions(viewer.personId, summit, now) : []
	]);
	return { registration, next, open: registrationOpen(summit, now), done: url.searchParams.get('done') };
};

export const actions: Actions = {
	offer: async ({ locals, params, request }) => {
		const parsed = parseForm(await request.formData(), answers);
		const back = (done: string) => redirect(303, href(`/${params.summit}/me?done=${done}`));
		if (!parsed.ok) return back('gone');
		const { entry, answer } = parsed.output;
		const { status } = await answerOffer(locals.supabase, entry, answer === 'accept');
		if (status === 'awaiting_payment') return back('payment');
		if (!['ok', 'confirmed', 'declined'].includes(status)) return back('gone');
		return back(answer === 'accept' ? 'accepted' : 'declined');
	}
};
