import { byStatus } from '#lib/database/by-status.ts';
import { parseForm, withIssue } from '#lib/forms/parse.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { consentField, needsAnswers } from '#lib/registration/answers.ts';
import { isSent } from '#lib/registration/registration.ts';
import { myRegistration, saveSentSteps } from '#lib/registration/server/registrations.ts';
import { fail, redirect } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

async function ownOf(locals: App.Locals, slug: string) {
	const { summit } = locals;
	const registration = await myRegistration(locals.supabase, summit.id);
	if (!registration || !isSent(registration.state)) redirect(303, href(`/${slug}/me`));
	return { registration, consents: summit.consents };
}

/** Access needs, the photo preference and consents, which people may change after sending the form. */
export const load: PageServerLoad = async ({ locals, params, url, setHeaders }) => {
	setHeaders({ 'cache-control': 'no-store' });
	return { ...(await ownOf(locals, params.summit)), done: url.searchParams.get('done') === 'saved' };
};

export const actions: Actions = {
	default: async ({ locals, params, request }) => {
		const { registration, consents } = await ownOf(locals, params.summit);
		const data = await request.formData();
		const parsed = parseForm(data, needsAnswers);
		const version = Number(data.get('version')) || registration.version;
		if (!parsed.ok) return fail(422, { form: parsed.form, conflict: false, version });
		const { access_needs, note, no_photographs } = parsed.output;
		// Required consents were given with the registration, and only withdrawing it withdraws them.
		const optional = consents.filter(({ is_required }) => !is_required);
		const given = Object.fromEntries(optional.map(({ id }) => [id, data.get(consentField(id)) !== null]));
		const saved = await saveSentSteps(locals.supabase, registration.id, [
			{ step: 4, fields: { version, access_needs, note, no_photographs } },
			...(optional.length > 0 ? [{ step: 5, fields: { consents: given } }] : [])
		]);
		const refuse = (message: string) => {
			const form = withIssue(parsed.form, '', message);
			return fail(422, { form, conflict: false, version: 'version' in saved ? saved.version : version });
		};
		return byStatus(saved, {
			ok: () => redirect(303, href(`/${params.summit}/me/preferences?done=saved`)),
			conflict: (now) => fail(409, { form: parsed.form, conflict: true, version: now.version }),
			closed: () => refuse(m.registration_refused_over()),
			locked: () => refuse(m.registration_refused_state()),
			invalid: () => refuse(m.registration_refused_other()),
			not_found: () => refuse(m.registration_refused_other())
		});
	}
};
