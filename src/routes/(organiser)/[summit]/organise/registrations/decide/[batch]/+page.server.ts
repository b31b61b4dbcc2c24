import { optionalLines } from '#lib/forms/fields.ts';
import { isId } from '#lib/forms/ids.ts';
import { parseForm, withIssue } from '#lib/forms/parse.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { listAddress, listQuery } from '#lib/registration/accreditation-list.ts';
import { decideBatch, readBatch } from '#lib/registration/server/accreditation.ts';
import { error, fail, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

async function batchOf(locals: App.Locals, id: string) {
	const batch = isId(id) && locals.summit ? await readBatch(locals.supabase, id) : null;
	if (!batch || batch.summit_id !== locals.summit.id) error(404, m.shell_not_found());
	return batch;
}

export const load: PageServerLoad = async ({ locals, params }) => ({ batch: await batchOf(locals, params.batch) });

export const actions: Actions = {
	default: async ({ locals, params, request, url }) => {
		const batch = await batchOf(locals, params.batch);
		const parsed = parseForm(await request.formData(), v.object({ reason: optionalLines(2000) }));
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const status = await decideBatch(locals.supabase, batch.id, parsed.output.reason);
		if (status === 'reason_needed') {
			return fail(422, {
				form: withIssue(
					parsed.form,
					'reason',
					batch.decision === 'reject'
						? 'Write the reason: whoever proposed it reads it.'
						: 'Write the reason: it is sent with each mail.'
				)
			});
		}
		const query = listQuery(url.searchParams);
		const back = listAddress(query, { after: query.after });
		redirect(303, href(`/${params.summit}/organise/registrations/decide/${batch.id}`) + back);
	}
};
