import { byStatus } from '#lib/database/by-status.ts';
import type { AnswerOf } from '#lib/database/calls.ts';
import { parseForm, withIssue } from '#lib/forms/parse.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { isCountryCode, sortedCountries } from '#lib/members/server/countries.ts';
import { memberNamed, searchMembers } from '#lib/members/server/members.ts';
import { saveTypedAnswers } from '#lib/logistics/server/answering.ts';
import type { AnswerFiles } from '#lib/logistics/answer-files.ts';
import { receiveAnswers } from '#lib/files/server/answer-files.ts';
import { readMyLogistics } from '#lib/logistics/server/logistics.ts';
import { sealOwnName } from '#lib/safeguarding/server/names.ts';
import { forgetViewer } from '#lib/accounts/server/viewers.ts';
import { photographConsent } from '#lib/registration/consents.ts';
import { isSent, formStepOf, type MyRegistration } from '#lib/registration/registration.ts';
import { fillRegistration, myRegistration, seatsLeft } from '#lib/registration/server/registrations.ts';
import { myGuardianship, nameGuardian } from '#lib/registration/server/guardians.ts';
import { myNomination } from '#lib/registration/server/delegation.ts';
import { missingSteps } from '#lib/registration/missing.ts';
import { withFingerprints } from '#lib/registration/server/agreed-texts.ts';
import { saveStep } from '#lib/registration/server/save-step.ts';
import { mySpeakerSeat } from '#lib/speakers/server/seats.ts';
import { registrationOpen } from '#lib/summits/registration-window.ts';
import { error, fail, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import { readSitePages } from '../../../../(public)/pages.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

/** The context of this request: its Summit and the subject of the step. */
function requireStep({ summit, supabase }: App.Locals, params: { step: string }) {
	const place = formStepOf(params.step);
	if (!place) error(404);
	return { ...place, summit, supabase };
}

/** The member that the reader chose, else the one that their affiliation names: it is chosen until they choose another one. */
async function knownMember({ summit, supabase }: App.Locals, registration: MyRegistration | null) {
	if (!registration || registration.request) return null;
	return registration.member ?? (await memberNamed(supabase, summit.id, registration.affiliation));
}

/** The reader's active registration, if there is one. */
async function livingRegistration(supabase: App.Locals['supabase'], summit: string) {
	const registration = await myRegistration(supabase, summit);
	return registration && (registration.state === 'draft' || isSent(registration.state)) ? registration : null;
}

export const load: PageServerLoad = async ({ locals, params, url }) => {
	const { step, subject, summit, supabase } = requireStep(locals, params);
	const registration = await livingRegistration(supabase, summit.id);
	if (registration && registration.state !== 'draft') redirect(303, href(`/${summit.slug}/me`));
	const open = registrationOpen(summit, Date.now()) || ((await mySpeakerSeat(supabase, summit.id))?.late ?? false);
	if (!open || (!registration && step > 1)) redirect(303, href(`/${summit.slug}/register`));
	const query = (url.searchParams.get('q') ?? '').slice(0, 100);
	const questions = subject === 'needs' ? await readMyLogistics(supabase, summit.id) : null;
	const asksCountry =
		subject === 'who' || subject === 'member' || questions?.fields.some(({ kind }) => kind === 'country');
	const countries = asksCountry ? sortedCountries() : [];
	return {
		step,
		subject,
		registration,
		questions,
		guardianship: subject === 'who' || subject === 'consents' ? await myGuardianship(supabase, summit.id) : null,
		nomination: subject === 'member' || subject === 'seat' ? await myNomination(supabase, summit.id) : null,
		query,
		countries,
		member: subject === 'member' ? await knownMember(locals, registration) : null,
		found: subject === 'member' ? await searchMembers(supabase, summit.id, query) : null,
		seats: subject === 'seat' ? await seatsLeft(supabase, summit.id, registration?.member?.id ?? null) : [],
		languages: subject === 'seat' ? summit.languages : [],
		consents: subject === 'consents' ? withFingerprints(summit.consents) : [],
		asksPhotographs: !photographConsent(summit.consents),
		conduct:
			subject === 'consents' ? (await readSitePages(locals, summit.id, ['code_of_conduct'])).code_of_conduct : undefined
	};
};

/** The version of the answers that the page showed. */
const shownAnswers = (data: FormData) =>
	data.has('answers_version') ? String(data.get('answers_version')) : undefined;

/** Why no guardian was named; '' where one was. */
function guardianIssue(status: AnswerOf<'name_guardian'>): string {
	return byStatus(status, {
		ok: () => '',
		limited: () => m.registration_guardian_limited(),
		invalid: () => m.registration_guardian_wrong(),
		// Sent meanwhile in another window.
		not_found: () => m.registration_refused_state()
	});
}

async function saveTyped({ locals, params }: RequestEvent, data: FormData, files: AnswerFiles) {
	const { step, subject, summit, supabase } = requireStep(locals, params);
	// Only the first step depends on existing answers.
	const registration = subject === 'who' ? await livingRegistration(supabase, summit.id) : null;
	const saved = await saveStep(subject, data, {
		fill: (writes, send) => fillRegistration(supabase, summit.id, writes, send),
		protection: registration?.protection.kind ?? 'none',
		consents: summit.consents,
		sealName: sealOwnName
	});
	if (!saved.ok) {
		const { form, conflict, version } = saved;
		return fail(saved.status, { form, conflict, version, answersVersion: shownAnswers(data) });
	}
	// A second click after the first was answered finds the form sent.
	if (saved.sent?.status === 'already') redirect(303, href(`/${summit.slug}/me`));
	if (step === 1) forgetViewer(locals.token);
	const issue = saved.guardian && guardianIssue(await nameGuardian(supabase, saved.id, saved.guardian));
	if (issue) {
		const form = withIssue(parseForm(data, v.object({})).form, 'guardian', issue);
		return fail(409, { form, conflict: false, version: saved.version, answersVersion: undefined });
	}
	if (subject === 'needs') {
		const questions = await readMyLogistics(supabase, summit.id);
		const refused =
			questions && (await saveTypedAnswers(supabase, questions, data, isCountryCode, !saved.leave, files));
		if (refused) {
			const form = { ...parseForm(data, v.object({})).form, issues: refused.form.issues };
			return fail(refused.status, {
				form,
				conflict: false,
				version: saved.version,
				answersVersion: refused.version
			});
		}
	}
	if (saved.leave) redirect(303, href(`/${summit.slug}/me?done=saved`));
	if (step < 5) redirect(303, href(`/${summit.slug}/register/${step + 1}`));
	if (saved.sent?.status === 'missing') {
		const form = missingSteps(saved.sent.missing);
		return fail(422, { form, conflict: false, version: saved.version, answersVersion: undefined });
	}
	if (saved.sent?.status === 'not_open') redirect(303, href(`/${summit.slug}/register`));
	redirect(303, href(`/${summit.slug}/me?done=sent`));
}

export const actions: Actions = {
	default: (event) =>
		receiveAnswers(event.request, event.locals.viewer?.accountId ?? '', (data, files) => saveTyped(event, data, files))
};
