import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { memberImportOutcomes } from '#lib/members/import.ts';
import { applyMemberImport, readMemberImport } from '#lib/members/server/imports.ts';
import { pageNumber } from '#lib/ui/page-number.ts';
import { error, fail, redirect } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

const size = 50;

export const load: PageServerLoad = async ({ locals, params, url }) => {
	const { summit } = locals;
	const asked = url.searchParams.get('show');
	const outcome = memberImportOutcomes.find((each) => each === asked) ?? '';
	const page = pageNumber(url.searchParams);
	const preview = await readMemberImport(locals.supabase, params.import, outcome, page, size);
	if (!preview || preview.summit_id !== summit.id) error(404, m.ui_not_found());
	// Rows that resemble a member are decided on a separate page, and left out by default.
	const similar =
		preview.applied !== null ? null : await readMemberImport(locals.supabase, params.import, 'similar', 1, 200);
	return { preview, similar: similar?.rows ?? [], outcome, page, size };
};

export const actions: Actions = {
	default: async ({ locals, params, request }) => {
		const data = await request.formData();
		const choices: Record<string, 'same' | 'new'> = {};
		for (const [name, value] of data) {
			const line = /^row\.(\d{1,7})$/.exec(name)?.[1];
			if (line && (value === 'same' || value === 'new')) choices[line] = value;
		}
		const done = await applyMemberImport(locals.supabase, params.import, choices);
		const address = `/${params.summit}/organise/members/import/${params.import}`;
		if (done.status === 'ok' || done.status === 'already') redirect(303, href(address));
		if (done.status === 'not_found') error(404, m.ui_not_found());
		const message = m.members_import_stranded({ detail: done.detail });
		return fail(409, { form: { values: {}, issues: [{ path: '', message }] } });
	}
};
