import { href } from '#lib/i18n/locale.ts';
import { holdsRole } from '#lib/accounts/viewer.ts';
import { m } from '#lib/i18n/messages.ts';
import { importLimit } from '#lib/members/import.ts';
import { prepareMemberImport } from '#lib/members/server/imports.ts';
import { error, fail, redirect } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals }) => {
	if (!holdsRole(locals.viewer, locals.summit.id, 'registration')) error(403);
	return { limit: importLimit };
};

export const actions: Actions = {
	default: async ({ locals, params, request }) => {
		const { summit } = locals;
		if (!holdsRole(locals.viewer, summit.id, 'registration')) error(403);
		const refuse = (message: string) => fail(422, { form: { values: {}, issues: [{ path: 'file', message }] } });
		const file = (await request.formData()).get('file');
		if (!(file instanceof File) || file.size === 0) return refuse(m.members_import_empty());
		const read = await prepareMemberImport(locals.supabase, summit.id, file);
		if ('fault' in read) return refuse(read.fault);
		redirect(303, href(`/${params.summit}/organise/members/import/${read.id}`));
	}
};
