import { labelsOf, readFieldAnswers } from '#lib/logistics/logistics.ts';
import type { LetterContent } from '#lib/logistics/letter.ts';
import { issueLetter, readMyLogistics, myLetter, saveLogistics } from '#lib/logistics/server/logistics.ts';
import type { RefusalOf } from '#lib/database/calls.ts';
import { withIssue } from '#lib/forms/parse.ts';
import { href, locale } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { countryCodes, sortedCountries } from '#lib/members/server/countries.ts';
import { error, fail, redirect } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url, setHeaders }) => {
	const { summit, supabase } = locals;
	setHeaders({ 'cache-control': 'no-store' });
	const [details, letter] = await Promise.all([readMyLogistics(supabase, summit.id), myLetter(supabase, summit.id)]);
	const done = url.searchParams.get('done');
	return {
		details,
		countries: details?.fields.some(({ kind }) => kind === 'country') ? sortedCountries() : [],
		letter: letter && {
			lacks: labelsOf(details?.fields ?? [], letter.lacks),
			issued: letter.letter && { reference: letter.letter.reference, at: letter.letter.issuedAt }
		},
		done: done === 'saved' ? m.logistics_form_saved() : done === 'letter' ? m.logistics_letter_made() : null
	};
};

export const actions: Actions = {
	save: async ({ locals, params, request }) => {
		const { summit, supabase } = locals;
		const details = summit && (await readMyLogistics(supabase, summit.id));
		if (!details) error(404, m.ui_not_found());
		const { changed, form } = readFieldAnswers(await request.formData(), details.fields, (code) =>
			countryCodes.includes(code)
		);
		// Valid answers are saved even if others are invalid.
		const status = changed.size === 0 ? 'ok' : await saveLogistics(supabase, details.registrationId, changed);
		const words: Record<RefusalOf<'save_logistics_answers'>, () => string> = {
			closed: m.logistics_form_closed,
			invalid: m.logistics_form_refused,
			not_found: m.logistics_form_refused
		};
		if (status !== 'ok') return fail(409, { form: withIssue(form, '', words[status]()) });
		if (form.issues.length > 0) return fail(422, { form });
		redirect(303, href(`/${params.summit}/me/logistics?done=saved`));
	},
	letter: async ({ locals, params }) => {
		const { summit, supabase } = locals;
		const [details, own] = await Promise.all([readMyLogistics(supabase, summit.id), myLetter(supabase, summit.id)]);
		if (!details || !own) error(404, m.ui_not_found());
		const answer = (key: string) => details.fields.find((field) => field.key === key)?.answer ?? '';
		const content: LetterContent = {
			locale: locale(),
			head: own.head,
			summit: {
				name: summit.name,
				starts_on: summit.starts_on,
				ends_on: summit.ends_on,
				venue: summit.venue_name,
				city: summit.city,
				country: summit.country
			},
			passport_name: answer('passport_name'),
			passport_number: answer('passport_number'),
			nationality: answer('nationality'),
			birth_date: answer('birth_date'),
			embassy: answer('embassy')
		};
		const status = await issueLetter(supabase, own.registrationId, content);
		if (status === 'ok') redirect(303, href(`/${params.summit}/me/logistics?done=letter`));
		const words: Record<typeof status, () => string> = {
			incomplete: () => m.logistics_letter_lacks({ fields: labelsOf(details.fields, own.lacks) }),
			invalid: m.logistics_form_refused,
			not_found: m.logistics_form_refused
		};
		return fail(409, { form: { name: 'letter', values: {}, issues: [{ path: '', message: words[status]() }] } });
	}
};
