import { readPeriods } from '#lib/privacy/server/retention.ts';
import { isSent } from '#lib/registration/registration.ts';
import { myRegistration } from '#lib/registration/server/registrations.ts';
import { readSitePages } from '../../pages.ts';
import type { PageServerLoad } from './$types';

// A static page, which needs no script.
export const csr = false;

export const load: PageServerLoad = async ({ locals }) => {
	const { summit, supabase, viewer } = locals;
	const [registration, periods, { privacy = null }] = await Promise.all([
		viewer ? myRegistration(supabase, summit.id) : null,
		readPeriods(supabase, summit.id),
		readSitePages(locals, summit.id, ['privacy'])
	]);
	return {
		periods,
		own: privacy,
		rooms: summit.rooms,
		contacts: summit.contacts.filter(({ kind }) => kind === 'privacy'),
		ownData: registration && isSent(registration.state) ? `/${summit.slug}/me/data` : undefined
	};
};
