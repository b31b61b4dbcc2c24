import { optionalText, id } from '#lib/forms/fields.ts';
import { parseForm, withIssue } from '#lib/forms/parse.ts';
import { formAction } from '#lib/forms/server/action.ts';
import { href, locales } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { endCertificate, issueCertificate, readOwnCertificates } from '#lib/presence/server/certificates.ts';
import { fail, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit } = locals;
	const done = url.searchParams.get('done');
	return {
		own: await readOwnCertificates(locals.supabase, summit.id),
		done: done === 'made' || done === 'back' ? done : null
	};
};

const making = v.object({
	kind: v.picklist(['attendance', 'speaker']),
	// Only for people with an alias.
	name: optionalText(120),
	locale: v.picklist(locales)
});

export const actions: Actions = {
	make: async ({ locals, params, request }) => {
		const { summit } = locals;
		const data = await request.formData();
		const parsed = parseForm(data, making, String(data.get('kind') ?? ''));
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const { kind, name, locale } = parsed.output;
		const status = await issueCertificate(locals.supabase, summit.id, kind, { name, locale });
		if (status === 'invalid') return fail(422, { form: withIssue(parsed.form, 'name', m.ui_form_missing()) });
		if (status !== 'ok') return fail(409, { form: withIssue(parsed.form, '', m.presence_certificate_refused()) });
		redirect(303, href(`/${params.summit}/me/certificate?done=made`));
	},
	end: formAction('end', v.object({ certificate: id() }), async ({ certificate }, { locals, params }) => {
		await endCertificate(locals.supabase, certificate);
		return `/${params.summit}/me/certificate?done=back`;
	})
};
