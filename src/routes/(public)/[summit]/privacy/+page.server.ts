import { readPeriods } from '#lib/privacy/server/retention.ts';
import { isSent } from '#lib/registration/registration.ts';
import { myRegistration } from '#lib/registration/server/registrations.ts';
import type { PageServerLoad } from './$types';

// A static page, which needs no script.
export const csr = false;

export const load: PageServerLoad = async ({ locals: { summit, supabase, viewer } }) => {
	const [registration, periods] = await Promise.all([
		viewer ? myRegistration(supabase, summit.id) : null,
		readPeriods(supabase, summit.id)
	]);
	return {
		periods,
		own: summit.texts['privacy'] ?? null,
		contacts: summit.contacts.filter(({ kind }) => kind === 'privacy'),
		ownData: registration && isSent(registration.state) ? `/${summit.slug}/me/data` : undefined
	};
};
