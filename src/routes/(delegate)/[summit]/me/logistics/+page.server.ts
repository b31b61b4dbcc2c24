import { labelsOf } from '#lib/logistics/logistics.ts';
import { saveTypedAnswers } from '#lib/logistics/server/answering.ts';
import { receiveAnswers } from '#lib/files/server/answer-files.ts';
import type { LetterContent } from '#lib/logistics/letter.ts';
import { issueLetter, readMyLogistics, myLetter } from '#lib/logistics/server/logistics.ts';
import { href, locale } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { isCountryCode, sortedCountries } from '#lib/members/server/countries.ts';
import { myNeeds } from '#lib/logistics/server/needs.ts';
import { error, fail, redirect } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url, setHeaders }) => {
	const { summit, supabase } = locals;
	setHeaders({ 'cache-control': 'no-store' });
	const [details, letter, needs] = await Promise.all([
		readMyLogistics(supabase, summit.id),
		myLetter(supabase, summit.id),
		myNeeds(supabase, summit.id)
	]);
	const done = url.searchParams.get('done');
	return {
		details,
		needs,
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
		const { summit, supabase, viewer } = locals;
		const details = summit && (await readMyLogistics(supabase, summit.id));
		if (!details) error(404, m.ui_not_found());
		// Valid answers are saved even if others are invalid.
		const refused = await receiveAnswers(request, viewer?.accountId ?? '', (data, files) =>
			saveTypedAnswers(supabase, details, data, isCountryCode, false, files)
		);
		if (refused) return fail(refused.status, { form: refused.form, version: refused.version });
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
		const form = { name: 'letter', values: {}, issues: [{ path: '', message: words[status]() }] };
		return fail(409, { form, version: undefined });
	}
};
