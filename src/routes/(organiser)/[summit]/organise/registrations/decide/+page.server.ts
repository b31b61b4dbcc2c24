import { list } from '#lib/forms/fields.ts';
import { href } from '#lib/i18n/locale.ts';
import { decisions } from '#lib/registration/accreditation.ts';
import { listAddress, registrationListQuery } from '#lib/registration/accreditation-list.ts';
import { chooseRegistrations } from '#lib/registration/server/accreditation.ts';
import { error, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

const id = v.pipe(v.string(), v.uuid());
const choosing = v.object({
	decision: v.picklist(decisions),
	whole: v.optional(v.string(), ''),
	'id[]': v.pipe(list(id), v.maxLength(5000))
});

export const load: PageServerLoad = ({ params, url }) => {
	redirect(303, href(`/${params.summit}/organise/registrations${url.search}`));
};

export const actions: Actions = {
	// The selected people, or all that match the list's filters, are frozen and shown before anything happens.
	choose: async ({ locals, params, request, url }) => {
		const { summit } = locals;
		const data = await request.formData();
		const parsed = v.safeParse(choosing, {
			decision: data.get('decision'),
			whole: data.get('whole') ?? '',
			'id[]': data.getAll('id[]')
		});
		if (!parsed.success) error(400);
		const { decision, whole, 'id[]': ids } = parsed.output;
		const query = registrationListQuery(url.searchParams);
		const base = href(`/${params.summit}/organise/registrations`);
		const back = listAddress(query, { after: query.after });
		const chosen = await chooseRegistrations(locals.supabase, summit.id, decision, whole ? query : ids);
		if (chosen.status !== 'ok')
			redirect(303, `${base}${back}${back ? '&' : '?'}done=${chosen.status === 'nobody' ? '' : chosen.status}`);
		redirect(303, `${base}/decide/${chosen.id}${back}`);
	}
};
