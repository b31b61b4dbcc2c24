import { byStatus } from '#lib/database/by-status.ts';
import { optionalLines } from '#lib/forms/fields.ts';
import { isId } from '#lib/forms/ids.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { listAddress, registrationListQuery } from '#lib/registration/accreditation-list.ts';
import { decideBatch, readBatch } from '#lib/registration/server/accreditation.ts';
import { error, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

async function batchOf(locals: App.Locals, id: string) {
	const batch = isId(id) && locals.summit ? await readBatch(locals.supabase, id) : null;
	if (!batch || batch.summit_id !== locals.summit.id) error(404, m.ui_not_found());
	return batch;
}

export const load: PageServerLoad = async ({ locals, params }) => ({ batch: await batchOf(locals, params.batch) });

export const actions: Actions = {
	default: formAction(v.object({ reason: optionalLines(2000) }), async ({ reason }, { locals, params, url }) => {
		const batch = await batchOf(locals, params.batch);
		const status = await decideBatch(locals.supabase, batch.id, reason);
		return byStatus(status, {
			ok: () => {
				const query = registrationListQuery(url.searchParams);
				const back = listAddress(query, { after: query.after });
				redirect(303, href(`/${params.summit}/organise/registrations/decide/${batch.id}`) + back);
			},
			reason_needed: () =>
				refuse(
					'reason',
					batch.decision === 'reject'
						? m.registration_bulk_reason_proposer_missing()
						: m.registration_bulk_reason_missing(),
					422
				),
			not_found: notFound
		});
	})
};
