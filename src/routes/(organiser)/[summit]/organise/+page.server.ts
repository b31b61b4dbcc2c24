import { holdsRole } from '#lib/accounts/viewer.ts';
import { registrationListQuery } from '#lib/registration/accreditation-list.ts';
import { listLaunchLines } from '#lib/organising/server/launch.ts';
import { listRegistrations } from '#lib/registration/server/accreditation.ts';
import { seatsLeft } from '#lib/registration/server/registrations.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	const { summit, supabase, viewer } = locals;
	const people = holdsRole(viewer, summit.id, 'registration');
	const [list, seats, sessions, launch] = await Promise.all([
		people ? listRegistrations(supabase, summit.id, registrationListQuery(new URLSearchParams())) : null,
		people ? seatsLeft(supabase, summit.id) : [],
		holdsRole(viewer, summit.id, 'programme')
			? supabase
					.from('sessions')
					.select('id', { count: 'exact', head: true })
					.eq('summit_id', summit.id)
					.neq('state', 'cancelled')
			: null,
		viewer && (summit.state === 'draft' || summit.state === 'open') ? listLaunchLines(supabase, viewer, summit) : []
	]);
	return {
		counts: list?.counts ?? null,
		seats,
		launch,
		maySetState: holdsRole(viewer, summit.id, 'owner'),
		sessions: sessions?.count ?? null,
		release: summit.release && { number: summit.release.number, released_at: summit.release.released_at }
	};
};
