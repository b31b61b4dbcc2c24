import { holdsRole } from '#lib/accounts/viewer.ts';
import { registrationListQuery } from '#lib/registration/accreditation-list.ts';
import { listRegistrations } from '#lib/registration/server/accreditation.ts';
import { seatsLeft } from '#lib/registration/server/registrations.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	const { summit, supabase, viewer } = locals;
	const people = holdsRole(viewer, summit.id, 'registration');
	const [list, seats, sessions] = await Promise.all([
		people ? listRegistrations(supabase, summit.id, registrationListQuery(new URLSearchParams())) : null,
		people ? seatsLeft(supabase, summit.id) : [],
		holdsRole(viewer, summit.id, 'programme')
			? supabase
					.from('sessions')
					.select('id', { count: 'exact', head: true })
					.eq('summit_id', summit.id)
					.neq('state', 'cancelled')
			: null
	]);
	return {
		counts: list?.counts ?? null,
		seats,
		sessions: sessions?.count ?? null,
		release: summit.release && { number: summit.release.number, released_at: summit.release.released_at }
	};
};
