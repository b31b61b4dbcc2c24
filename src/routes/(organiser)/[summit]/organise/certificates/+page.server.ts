import { checkbox, id, optionalLines, requiredLines, requiredText, wholeNumber } from '#lib/forms/fields.ts';
import { parseForm, withIssue } from '#lib/forms/parse.ts';
import { href, locales } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { bases } from '#lib/presence/certificate.ts';
import { endCertificate, listCertificates, saveCertificateSettings } from '#lib/presence/server/certificates.ts';
import { error, fail, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { summit, supabase }, url }) => {
	const list = await listCertificates(supabase, summit.id);
	if (!list) error(403);
	return { ...list, done: url.searchParams.get('done') };
};

const schema = v.object({
	basis: v.picklist(bases),
	least: wholeNumber(1, 20_000),
	issuer_name: requiredText(200),
	signatory_name: requiredText(120),
	signatory_office: requiredText(200),
	is_offered: checkbox(),
	statement_en: optionalLines(400),
	statement_fr: optionalLines(400),
	statement_es: optionalLines(400),
	statement_ar: optionalLines(400)
});

export const actions: Actions = {
	save: async ({ locals: { summit, supabase }, params, request }) => {
		const parsed = parseForm(await request.formData(), schema, 'save');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const { basis, least, issuer_name, signatory_name, signatory_office, is_offered, ...texts } = parsed.output;
		const written = locales.map((tag) => [tag, texts[`statement_${tag}`]] as const).filter(([, words]) => words !== '');
		const statement = written[0] ? { original: written[0][0], ...Object.fromEntries(written) } : {};
		const settings = { basis, least, issuer_name, signatory_name, signatory_office, statement, is_offered };
		const status = await saveCertificateSettings(supabase, summit.id, settings);
		if (status === 'ok') redirect(303, href(`/${params.summit}/organise/certificates?done=saved`));
		return fail(409, { form: withIssue(parsed.form, '', m.certificate_not_kept()) });
	},
	revoke: async ({ locals: { supabase }, params, request }) => {
		const parsed = parseForm(
			await request.formData(),
			v.object({ certificate: id(), reason: requiredLines(200, m.certificate_revoke_missing) }),
			'revoke'
		);
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const { certificate, reason } = parsed.output;
		const status = await endCertificate(supabase, certificate, reason);
		if (status === 'ok') redirect(303, href(`/${params.summit}/organise/certificates?done=revoked`));
		return fail(409, { form: withIssue(parsed.form, '', m.certificate_revoke_already()) });
	}
};
