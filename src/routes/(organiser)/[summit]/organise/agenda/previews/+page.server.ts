import { listPreviews, makePreview, revokePreview } from '#lib/agenda/server/previews.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { id, requiredText, wholeNumber } from '#lib/forms/fields.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { href, locales } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => ({
	previews: await listPreviews(locals.supabase, locals.summit.id)
});

const makeSchema = v.object({
	name: requiredText(80),
	role: v.picklist(['public', 'registered']),
	language: v.picklist(locales),
	days: wholeNumber(1, 60)
});

export const actions: Actions = {
	make: formAction('make', makeSchema, async (input, { locals, url }) => {
		const { status, token } = await makePreview(locals.supabase, locals.summit.id, input);
		return byStatus(status, {
			ok: () => ({ link: url.origin + href(`/preview/${token}`, input.language) }),
			invalid: () => refuse('name', m.ui_form_wrong(), 422),
			not_allowed: notFound
		});
	}),
	revoke: formAction('revoke', v.object({ preview: id() }), async ({ preview }, { locals, params }) => {
		await revokePreview(locals.supabase, preview);
		return `/${params.summit}/organise/agenda/previews`;
	})
};
