import { forgetViewer } from '#lib/accounts/server/viewers.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { id, optionalText, wholeNumber } from '#lib/forms/fields.ts';
import { withIssue, type FormResult } from '#lib/forms/parse.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { href, locale } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { contactAnswers, needsAnswers, whoAnswers } from '#lib/registration/answers.ts';
import { ownConsents } from '#lib/registration/consents.ts';
import { isSent } from '#lib/registration/registration.ts';
import { withFingerprints } from '#lib/registration/server/agreed-texts.ts';
import { myEmergencyContact, sealContact } from '#lib/registration/server/emergency-contacts.ts';
import { aliasWrite } from '#lib/registration/server/save-step.ts';
import { consentRecords, myRegistration, saveSentSteps, type Write } from '#lib/registration/server/registrations.ts';
import { sealOwnName } from '#lib/safeguarding/server/names.ts';
import { fail, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

async function ownOf({ supabase, summit }: App.Locals) {
	const registration = await myRegistration(supabase, summit.id);
	if (!registration || !isSent(registration.state)) redirect(303, href(`/${summit.slug}/me`));
	return registration;
}

/** What the reader decides alone about their data after sending the registration. */
export const load: PageServerLoad = async ({ locals, url, setHeaders }) => {
	setHeaders({ 'cache-control': 'no-store' });
	const registration = await ownOf(locals);
	const [records, contact] = await Promise.all([
		consentRecords(locals.supabase, registration.id),
		myEmergencyContact(locals.supabase, registration.id)
	]);
	return {
		registration,
		contact,
		consents: ownConsents(withFingerprints(locals.summit.consents), records),
		done: url.searchParams.get('done')
	};
};

const version = wholeNumber(0);
const consentSchema = v.object({ version, item: id(), give: v.picklist(['yes', 'no']), shown: optionalText(64) });
const photographSchema = v.object({ version, forbid: v.picklist(['yes', 'no']) });
const protectionSchema = v.object({ version, wants: v.picklist(['yes', 'no']) });
const needsSchema = v.omit(needsAnswers, ['leave', 'no_photographs']);

/** Saves one step; on success the page says with `done` what was done. `conflict`: another window saved before. */
async function save(
	{ locals, params }: RequestEvent,
	write: Write,
	form: FormResult,
	done: string,
	conflict = m.registration_data_conflict()
) {
	const { id } = await ownOf(locals);
	const refused = () => refuse('', m.registration_refused_other());
	return byStatus(await saveSentSteps(locals.supabase, id, [write]), {
		ok: () => `/${params.summit}/me/data?done=${done}`,
		conflict: ({ version }) => fail(409, { form: withIssue(form, '', conflict), version }),
		invalid: ({ faults }) => (faults.includes('reworded') ? refuse('', m.registration_consent_reworded()) : refused()),
		locked: () => refuse('', m.registration_refused_state()),
		closed: () => refuse('', m.registration_refused_over()),
		not_found: refused
	});
}

export const actions: Actions = {
	consent: formAction('consent', consentSchema, ({ version, item, give, shown }, event, form) => {
		const about = event.locals.summit.consents.find((one) => one.id === item);
		if (!about) notFound();
		const fields = { version, language: locale(), consents: { [item]: give === 'yes' }, shown: { [item]: shown } };
		const done = about.key === 'photographs' ? 'photographs' : give === 'yes' ? 'given' : 'withdrawn';
		return save(event, { step: 5, fields }, form, done);
	}),
	photographs: formAction('photographs', photographSchema, ({ version, forbid }, event, form) =>
		save(event, { step: 4, fields: { version, no_photographs: forbid === 'yes' } }, form, 'photographs')
	),
	protection: formAction('protection', protectionSchema, async ({ version, wants }, event, form) => {
		// An alias is not taken off by this button.
		if ((await ownOf(event.locals)).protection.kind === 'alias') return refuse('', m.registration_refused_other());
		const protection = wants === 'yes' ? 'talk_first' : 'none';
		return save(event, { step: 4, fields: { version, protection } }, form, protection);
	}),
	alias: formAction('alias', whoAnswers, async (answers, event, form) => {
		if ((await ownOf(event.locals)).protection.kind === 'alias') return refuse('', m.registration_refused_other());
		const { step, fields } = aliasWrite(answers, sealOwnName);
		const write = { step, fields: { version: answers.version, ...fields } };
		const answer = await save(event, write, form, 'alias', m.registration_data_conflict_typed());
		// The name in the menu is another one now.
		forgetViewer(event.locals.token);
		return answer;
	}),
	needs: formAction('needs', needsSchema, (fields, event, form) =>
		// What was typed stays in the fields, and replaces what another window saved only when it is saved once more.
		save(event, { step: 4, fields }, form, 'needs', m.registration_data_conflict_typed())
	),
	contact: formAction('contact', contactAnswers, async (answers, event, form) => {
		const { id } = await ownOf(event.locals);
		const { contact_name: name, contact_phone: phone, contact_relation: relation } = answers;
		const emergency_contact = name === '' ? null : sealContact(id, { name, phone, relation });
		const write = { step: 4, fields: { version: answers.version, emergency_contact } };
		const done = emergency_contact ? 'contact' : 'no_contact';
		return save(event, write, form, done, m.registration_data_conflict_typed());
	})
};
