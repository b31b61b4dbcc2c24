import { applyScheduleImport, scheduleImportOutcomes, readScheduleImport } from '#lib/calendar/server/imports.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { notFound } from '#lib/forms/server/action.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { pageNumber } from '#lib/ui/page-number.ts';
import { error, fail, redirect } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

const size = 50;

function refused(message: string) {
	return fail(409, { form: { values: {}, issues: [{ path: '', message }] } });
}

export const load: PageServerLoad = async ({ locals, params, url }) => {
	const { summit } = locals;
	const asked = url.searchParams.get('show');
	const outcome = scheduleImportOutcomes.find((each) => each === asked) ?? null;
	const page = pageNumber(url.searchParams);
	const preview = await readScheduleImport(locals.supabase, params.import, outcome, page, size);
	if (!preview || preview.summit_id !== summit.id) error(404, m.ui_not_found());
	return { preview, outcome, page, size, outcomes: scheduleImportOutcomes };
};

export const actions: Actions = {
	default: async ({ locals, params }) => {
		const status = await applyScheduleImport(locals.supabase, params.import);
		const done = () => redirect(303, href(`/${params.summit}/organise/agenda/exchange/${params.import}`));
		return byStatus(status, {
			ok: done,
			already: done,
			room_taken: () => refused(m.agenda_import_room_taken()),
			invalid: () => refused(m.agenda_import_invalid()),
			not_found: notFound
		});
	}
};
