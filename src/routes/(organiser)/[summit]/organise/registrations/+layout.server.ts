import { registrationListQuery } from '#lib/registration/accreditation-list.ts';
import { listRegistrations } from '#lib/registration/server/accreditation.ts';
import { seatsLeft } from '#lib/registration/server/registrations.ts';
import { m } from '#lib/i18n/messages.ts';
import { error } from '@sveltejs/kit';
import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = async ({ locals, url }) => {
	const { summit, supabase } = locals;
	const query = registrationListQuery(url.searchParams);
	const [list, seats] = await Promise.all([
		listRegistrations(supabase, summit.id, query),
		seatsLeft(supabase, summit.id)
	]);
	if (!list) error(403, m.ui_forbidden());
	return { query, list, seats };
};
