import { locales } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { editable } from '#lib/mail/editable.ts';
import { templateWord } from '#lib/mail/mailbox.ts';
import { listWordings } from '#lib/mail/server/wordings.ts';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	const { summit } = locals;
	const versions = await listWordings(locals.supabase, summit.id);
	if (!versions) error(403, m.ui_forbidden());
	const rows = Object.keys(editable).map((template) => ({
		template,
		word: templateWord(template),
		languages: locales.map((locale) => {
			const newest = versions.find((each) => each.template === template && each.locale === locale);
			return { locale, own: newest?.subject != null, saved_at: newest?.saved_at ?? null };
		})
	}));
	return { rows };
};
