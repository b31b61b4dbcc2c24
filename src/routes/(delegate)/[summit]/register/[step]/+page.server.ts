import { href } from '#lib/i18n/locale.ts';
import { countryOptions } from '#lib/members/server/countries.ts';
import { searchMembers } from '#lib/members/server/members.ts';
import { contexts, theSealer } from '#lib/people/sealing.ts';
import { forgetViewer } from '#lib/accounts/server/viewers.ts';
import { isSent, stepOf } from '#lib/registration/registration.ts';
import {
	myRegistration,
	seatsLeft,
	startRegistration,
	submitRegistration
} from '#lib/registration/server/registrations.ts';
import { myGuardianship, nameGuardian } from '#lib/registration/server/guardians.ts';
import { missingSteps } from '#lib/registration/missing.ts';
import { saveStep } from '#lib/registration/server/save-step.ts';
import { registrationOpen } from '#lib/summits/summit.ts';
import { error, fail, redirect } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

/** The place of this request: its Summit, the subject of the step and the reader's registration, if begun. */
async function standing(locals: App.Locals, params: { step: string }) {
	const place = stepOf(params.step);
	const { summit, supabase } = locals;
	if (!place || !summit) error(404);
	const registration = await myRegistration(supabase, summit.id);
	const mine = registration && (registration.state === 'draft' || isSent(registration.state)) ? registration : null;
	return { ...place, summit, supabase, registration: mine };
}

export const load: PageServerLoad = async ({ locals, params, url }) => {
	const { step, subject, summit, supabase, registration } = await standing(locals, params);
	if (registration && registration.state !== 'draft') redirect(303, href(`/${summit.slug}/me`));
	if (!registrationOpen(summit, Date.now()) || (!registration && step > 1))
		redirect(303, href(`/${summit.slug}/register`));
	const query = (url.searchParams.get('q') ?? '').slice(0, 100);
	const countries = subject === 'who' || subject === 'member' ? countryOptions() : [];
	return {
		step,
		subject,
		registration,
		guardianship: subject === 'who' || subject === 'consents' ? await myGuardianship(supabase, summit.id) : null,
		query,
		countries,
		found: subject === 'member' ? await searchMembers(supabase, summit.id, query) : null,
		seats: subject === 'seat' ? await seatsLeft(supabase, summit.id, registration?.member?.id ?? null) : [],
		languages: subject === 'seat' ? summit.languages : [],
		consents: subject === 'consents' ? summit.consents : [],
		conduct: subject === 'consents' ? summit.texts['code_of_conduct'] : undefined
	};
};

export const actions: Actions = {
	default: async ({ locals, params, request }) => {
		const { step, subject, summit, supabase, registration } = await standing(locals, params);
		const data = await request.formData();
		// A second click after the first was answered finds it sent.
		if (registration && registration.state !== 'draft') redirect(303, href(`/${summit.slug}/me`));
		const saved = await saveStep(subject, data, {
			client: supabase,
			registration,
			begin: async () => {
				const { status } = await startRegistration(supabase, summit.id);
				return status === 'ok' || status === 'exists' ? myRegistration(supabase, summit.id) : null;
			},
			consents: summit.consents,
			sealName: (name) => theSealer().seal(name, contexts.realName)
		});
		if (!saved.ok) {
			// What the other window saved is the base of the next attempt.
			const version = saved.conflict ? (await myRegistration(supabase, summit.id))?.version : registration?.version;
			return fail(saved.status, { form: saved.form, conflict: saved.conflict, version });
		}
		if (step === 1) forgetViewer(locals.token);
		if (saved.guardian) await nameGuardian(supabase, saved.id, saved.guardian);
		if (saved.leave) redirect(303, href(`/${summit.slug}/me?done=saved`));
		if (step < 5) redirect(303, href(`/${summit.slug}/register/${step + 1}`));
		const sent = await submitRegistration(supabase, saved.id);
		if (sent.status === 'missing') {
			return fail(422, { form: missingSteps(sent.missing ?? []), conflict: false, version: saved.version });
		}
		if (sent.status === 'not_open') redirect(303, href(`/${summit.slug}/register`));
		redirect(303, href(`/${summit.slug}/me?done=sent`));
	}
};
