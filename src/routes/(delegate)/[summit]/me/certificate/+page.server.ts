import { byStatus } from '#lib/database/by-status.ts';
import { optionalText, id } from '#lib/forms/fields.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { locales } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { endCertificate, issueCertificate, readOwnCertificates } from '#lib/presence/server/certificates.ts';
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

const makingForm = (_: unknown, data: FormData) => ({ schema: making, name: String(data.get('kind') ?? '') });

export const actions: Actions = {
	make: formAction(makingForm, async ({ kind, name, locale }, { locals, params }) => {
		const refused = () => refuse('', m.presence_certificate_refused());
		return byStatus(await issueCertificate(locals.supabase, locals.summit.id, kind, { name, locale }), {
			ok: () => `/${params.summit}/me/certificate?done=made`,
			invalid: () => refuse('name', m.ui_form_missing(), 422),
			not_reached: refused,
			not_offered: refused,
			not_allowed: refused
		});
	}),
	end: formAction('end', v.object({ certificate: id() }), async ({ certificate }, { locals, params }) => {
		await endCertificate(locals.supabase, certificate);
		return `/${params.summit}/me/certificate?done=back`;
	})
};
