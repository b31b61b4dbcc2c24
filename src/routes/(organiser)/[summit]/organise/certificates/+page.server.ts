import { byStatus } from '#lib/database/by-status.ts';
import { checkbox, id, optionalLines, requiredLines, requiredText, wholeNumber } from '#lib/forms/fields.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { locales, type Locale } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { bases } from '#lib/presence/certificate.ts';
import { endCertificate, listCertificates, saveCertificateSettings } from '#lib/presence/server/certificates.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { summit, supabase }, url }) => {
	const list = await listCertificates(supabase, summit.id);
	if (!list) error(403);
	return { ...list, done: url.searchParams.get('done') };
};

const statements = Object.fromEntries(
	locales.map((language) => [`statement_${language}`, optionalLines(400)])
) as Record<`statement_${Locale}`, ReturnType<typeof optionalLines>>;

const schema = v.object({
	basis: v.picklist(bases),
	threshold: wholeNumber(1, 20_000),
	issuer_name: requiredText(200),
	signatory_name: requiredText(120),
	signatory_office: requiredText(200),
	is_offered: checkbox(),
	...statements
});

const revokeSchema = v.object({ certificate: id(), reason: requiredLines(200, m.presence_certificate_revoke_missing) });

export const actions: Actions = {
	save: formAction('save', schema, async (input, { locals: { summit, supabase }, params }) => {
		const { basis, threshold, issuer_name, signatory_name, signatory_office, is_offered, ...texts } = input;
		const written = locales.map((tag) => [tag, texts[`statement_${tag}`]] as const).filter(([, words]) => words !== '');
		const statement = written[0] ? { original: written[0][0], ...Object.fromEntries(written) } : {};
		const settings = { basis, threshold, issuer_name, signatory_name, signatory_office, statement, is_offered };
		const status = await saveCertificateSettings(supabase, summit.id, settings);
		const notKept = () => refuse('', m.presence_certificate_not_kept());
		return byStatus(status, {
			ok: () => `/${params.summit}/organise/certificates?done=saved`,
			invalid: notKept,
			not_allowed: notKept
		});
	}),
	revoke: formAction('revoke', revokeSchema, async ({ certificate, reason }, { locals: { supabase }, params }) => {
		const status = await endCertificate(supabase, certificate, reason);
		return byStatus(status, {
			ok: () => `/${params.summit}/organise/certificates?done=revoked`,
			not_found: () => refuse('', m.presence_certificate_revoke_already()),
			reason_needed: () => refuse('reason', m.presence_certificate_revoke_missing())
		});
	})
};
